"""Objects of a page in their places: clips, boxes, images, composites, templates, annotations, links."""

import io

import pytest
from PIL import Image

from support.ofd import EMBEDDED, RED, composite, media, ofd, song, square
from support.scenes import groups, marks, noted, only, scene_of
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.scene import SceneReader
from yichuan.lib.ofd.scene.model import Clip, Group, Missing, Picture, Shape, Solid, Text
from yichuan.lib.ofd.scene.shapes import path_box

PATH = "<ofd:AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C</ofd:AbbreviatedData>"
BLUE = "<ofd:FillColor Value='0 0 255'/>"


def png(colour: str = "#ff0000", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 2), colour).convert(mode).save(out, "PNG")
    return out.getvalue()


FILES = {"Doc_0/Res/a.png": png(), "Doc_0/Res/b.png": png("#0000ff")}


def image(attributes: str = "", inner: str = "", box: str = "10 10 40 30") -> bytes:
    """A page with one image, two more at hand."""
    shown = f"<ofd:ImageObject ID='9' Boundary='{box}' {attributes}>{inner}</ofd:ImageObject>"
    return ofd(shown, resources=media(m4="a.png", m5="b.png", m6="c.png"), entries=FILES)


def colours(data: bytes, **options: object) -> list[tuple[int, int, int]]:
    """The plain fills of a page from the paper up."""
    found = [item.fill for item, _ in marks(scene_of(data, **options).items) if isinstance(item, Shape)]
    return [fill.rgb for fill in found if isinstance(fill, Solid)]


def clip_boxes(clip: Clip) -> list[tuple[float, ...]]:
    """The boxes of a clip's paths, moved as their matrices only move."""
    found = []
    for matrix, area in clip.areas:
        assert isinstance(area, Shape)
        left, top, right, bottom = path_box(area.path)
        found.append((left + matrix[4], top + matrix[5], right + matrix[4], bottom + matrix[5]))
    return found


def test_what_sticks_out_of_its_box_is_cut() -> None:
    wide = f"<ofd:PathObject ID='9' Boundary='10 20 15 40' Stroke='false' Fill='true'>{RED}{PATH}</ofd:PathObject>"
    (group,) = groups(scene_of(ofd(wide)).items)
    (clip,) = group.clips
    assert clip_boxes(clip) == [(9.5, 19.5, 25.5, 60.5)]


@pytest.mark.parametrize("box", ["10 20 40 40", "10 20 39.7 39.7", "10 20 40 0", "10 20 0 0"])
def test_a_box_that_is_flat_or_rounded_cuts_nothing(box: str) -> None:
    path = f"<ofd:PathObject ID='9' Boundary='{box}' Stroke='false' Fill='true'>{RED}{PATH}</ofd:PathObject>"
    (group,) = groups(scene_of(ofd(path)).items)
    assert group.clips == ()
    assert group.matrix == (1, 0, 0, 1, 10, 20)


def area(x: float) -> str:
    return f"<ofd:Area><ofd:Path Boundary='{x} 0 10 40'>{PATH}</ofd:Path></ofd:Area>"


@pytest.mark.parametrize(("follows", "places"), [("", [20, 70]), ("TransFlag='false'", [15, 40])])
def test_clips_follow_the_transform_unless_they_say_otherwise(follows: str, places: list[float]) -> None:
    clips = f"<ofd:Clips {follows}><ofd:Clip>{area(5)}{area(30)}</ofd:Clip></ofd:Clips>"
    path = square(10, 20, clips + RED, "CTM='2 0 0 2 0 0'").replace("'10 20 40 40'", "'10 20 80 80'")
    (group,) = groups(scene_of(ofd(path)).items)
    (clip,) = group.clips
    assert [matrix[4] for matrix, _ in clip.areas] == places


def test_every_clip_narrows_what_is_left() -> None:
    clips = f"<ofd:Clips><ofd:Clip>{area(5)}</ofd:Clip><ofd:Clip>{area(30)}</ofd:Clip></ofd:Clips>"
    (group,) = groups(scene_of(ofd(square(10, 20, clips + RED))).items)
    assert len(group.clips) == 2


def test_text_may_clip() -> None:
    code = "<ofd:TextCode X='0' Y='8'>一</ofd:TextCode>"
    text = f"<ofd:Text Boundary='3 4 20 20' Font='3' Size='10'>{code}</ofd:Text>"
    clips = f"<ofd:Clips><ofd:Clip><ofd:Area>{text}</ofd:Area></ofd:Clip></ofd:Clips>"
    data = ofd(square(10, 20, clips + RED), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": song()})
    (group,) = groups(scene_of(data).items)
    ((matrix, shape),) = group.clips[0].areas
    assert isinstance(shape, Text)
    assert (matrix[4:], shape.cells[0].text) == ((13, 24), "一")


def test_an_image_fills_the_unit_square_that_its_transform_makes_larger() -> None:
    (mark,) = marks(scene_of(image("CTM='40 0 0 30 0 0' ResourceID='4'")).items)
    assert isinstance(mark[0], Picture)
    assert (mark[0].kind, mark[0].width, mark[0].height) == ("png", 4, 2)
    assert mark[1] == (40, 0, 0, 30, 10, 10)


@pytest.mark.parametrize("transform", ["", "CTM='1 0 0 1 0 0'"])
def test_an_image_that_would_be_a_dot_has_the_size_of_its_box(transform: str) -> None:
    (mark,) = marks(scene_of(image(f"{transform} ResourceID='4'")).items)
    assert mark[1] == (40, 0, 0, 30, 10, 10)


def test_a_turned_image_without_its_size_is_not_cut() -> None:
    (group,) = groups(scene_of(image("CTM='0 1 -1 0 30 0' ResourceID='4'")).items)
    assert group.matrix == (0, 40, -30, 0, 40, 10)
    assert group.clips == ()


def test_an_image_may_be_hidden_in_part_by_another() -> None:
    item = only(image("CTM='40 0 0 30 0 0' ResourceID='4' ImageMask='5'"))
    assert isinstance(item, Picture)
    assert item.mask is not None
    assert item.mask.data == FILES["Doc_0/Res/b.png"]


def test_a_mask_that_is_not_there_leaves_the_image() -> None:
    scene, codes = noted(image("CTM='40 0 0 30 0 0' ResourceID='4' ImageMask='77'"))
    ((item, _),) = marks(scene.items)
    assert isinstance(item, Picture)
    assert item.mask is None
    assert "image_missing" in codes


def test_an_image_that_cannot_be_read_is_replaced_by_its_substitute() -> None:
    scene, codes = noted(image("CTM='40 0 0 30 0 0' ResourceID='77' Substitution='5'"))
    ((item, _),) = marks(scene.items)
    assert isinstance(item, Picture)
    assert item.data == FILES["Doc_0/Res/b.png"]
    assert "image_missing" in codes


def test_an_image_that_is_missing_leaves_a_box() -> None:
    scene, _ = noted(image("CTM='40 0 0 30 0 0' ResourceID='77'"))
    ((item, matrix),) = marks(scene.items)
    assert isinstance(item, Missing)
    assert (item.bounds, matrix[4:]) == ((0, 0, 40, 30), (10, 10))


def test_an_image_may_be_framed() -> None:
    border = "<ofd:Border LineWidth='2' HorizonalCornerRadius='5' VerticalCornerRadius='4' DashPattern='3 1'>"
    colour = "<ofd:BorderColor Value='0 0 255'/></ofd:Border>"
    items = scene_of(image("CTM='40 0 0 30 0 0' ResourceID='4' Alpha='51'", border + colour)).items
    _, (frame, matrix) = marks(items)
    assert isinstance(frame, Shape)
    assert frame.pen is not None
    assert (frame.pen.paint, frame.pen.width, frame.pen.dashes) == (Solid((0, 0, 255)), 2, (3, 1))
    assert [letter for letter, _ in frame.path].count("A") == 4
    assert matrix == (1, 0, 0, 1, 10, 10)
    assert next(groups(items)).alpha == 0.2


def test_the_objects_of_a_composite_inherit_its_draw_parameters() -> None:
    parameters = f"<ofd:DrawParams><ofd:DrawParam ID='5'>{BLUE}</ofd:DrawParam></ofd:DrawParams>"
    placed = "<ofd:CompositeObject ID='9' Boundary='10 10 20 20' CTM='0.5 0 0 0.5 0 0' ResourceID='4' DrawParam='5'/>"
    data = ofd(placed, resources=parameters + composite(square(0, 0, "")))
    ((item, matrix),) = marks(scene_of(data).items)
    assert isinstance(item, Shape)
    assert item.fill == Solid((0, 0, 255))
    assert matrix == (0.5, 0, 0, 0.5, 10, 10)
    (outer, *_) = groups(scene_of(data).items)
    assert clip_boxes(outer.clips[0]) == [(9.5, 9.5, 30.5, 30.5)]


def test_a_composite_without_content_shows_the_image_that_stands_for_it() -> None:
    unit = (
        "<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='8' Width='40' Height='30' Thumbnail='5'"
        " Substitution='4'/></ofd:CompositeGraphicUnits>"
    )
    placed = "<ofd:CompositeObject ID='9' Boundary='10 10 40 30' ResourceID='8'/>"
    ((item, matrix),) = marks(
        scene_of(ofd(placed, resources=media(m4="a.png", m5="b.png") + unit, entries=FILES)).items
    )
    assert isinstance(item, Picture)
    assert (item.data, matrix) == (FILES["Doc_0/Res/a.png"], (40, 0, 0, 30, 10, 10))


def test_invisible_objects_leave_nothing() -> None:
    assert scene_of(ofd(square(10, 10, attributes="Visible='false'"))).items == ()


def test_templates_and_layers_lie_as_their_ranks_say() -> None:
    def layer(kind: str, number: int) -> str:
        colour = f"<ofd:FillColor Value='{number} 0 0'/>"
        return f"<ofd:Layer Type='{kind}'>{square(10, 10, colour)}</ofd:Layer>"

    def template(number: int) -> bytes:
        plain = layer("Body", number).replace("ofd:", "")
        return f"<Page><Content>{plain}</Content></Page>".encode()

    page = "<ofd:Template TemplateID='21' ZOrder='Foreground'/><ofd:Template TemplateID='22'/>"
    package = Package.open(ofd("", page=page, entries={"Doc_0/T.xml": template(1), "Doc_0/U.xml": template(2)}))
    layers = layer("Foreground", 5) + layer("Body", 4) + layer("Background", 3)
    content = package.read("Doc_0/Pages/Page_0/Content.xml").replace(b"<ofd:Layer ID='2'></ofd:Layer>", layers.encode())
    listed = b"<ofd:TemplatePage ID='21' BaseLoc='T.xml'/><ofd:TemplatePage ID='22' BaseLoc='U.xml'/></ofd:CommonData>"
    document = package.read("Doc_0/Document.xml").replace(b"</ofd:CommonData>", listed)
    data = package.replace({"Doc_0/Document.xml": document, "Doc_0/Pages/Page_0/Content.xml": content})
    assert [red for red, _, _ in colours(data)] == [2, 3, 4, 1, 5]


def with_annotations(*annotations: str) -> bytes:
    """A page with these Annots."""
    entries = {
        "Doc_0/Annotations.xml": b"<Annotations><Page PageID='1'><FileLoc>A.xml</FileLoc></Page></Annotations>",
        "Doc_0/A.xml": f"<PageAnnot>{''.join(annotations)}</PageAnnot>".replace("ofd:", "").encode(),
    }
    package = Package.open(ofd("", entries=entries))
    listed = b"<ofd:Annotations>Annotations.xml</ofd:Annotations></ofd:Document>"
    document = package.read("Doc_0/Document.xml").replace(b"</ofd:Document>", listed)
    return package.replace({"Doc_0/Document.xml": document})


def test_an_annotation_may_be_for_the_screen_only() -> None:
    appearance = f"<Appearance Boundary='100 50 40 40'>{square(0, 0)}</Appearance>"
    data = with_annotations(f"<Annot Type='Watermark' Print='false'>{appearance}</Annot>")
    ((_, matrix),) = marks(scene_of(data).items)
    assert matrix[4:] == (100, 50)
    assert scene_of(data, printing=True).items == ()


def test_an_annotation_file_that_is_broken_does_not_hide_the_page() -> None:
    package = Package.open(with_annotations())
    scene, codes = noted(package.replace({"Doc_0/A.xml": b"<PageAnnot>"}))
    assert "annotation_unreadable" in codes
    assert scene.items == ()


def test_clicks_lead_to_pages_and_addresses_of_the_web() -> None:
    def actions(target: str) -> str:
        return f"<ofd:Actions><ofd:Action Event='CLICK'>{target}</ofd:Action></ofd:Actions>"

    page = actions("<ofd:Goto><ofd:Dest Type='XYZ' PageID='1'/></ofd:Goto>")
    web = actions("<ofd:URI URI='https://example.org/a'/>")
    script = actions("<ofd:URI URI='javascript:alert(1)'/>")
    links = scene_of(ofd(square(10, 20, page + RED) + square(60, 20, web + RED) + square(1, 1, script + RED))).links
    assert [(link.bounds, link.page_index, link.address) for link in links] == [
        ((10, 20, 50, 60), 0, ""),
        ((60, 20, 100, 60), None, "https://example.org/a"),
    ]


def test_a_page_has_resources_of_its_own() -> None:
    res = f"<Res><DrawParams><DrawParam ID='5'>{BLUE.replace('ofd:', '')}</DrawParam></DrawParams></Res>".encode()
    path = square(10, 10, "", "DrawParam='5'")
    data = ofd(path, page="<ofd:PageRes>Own.xml</ofd:PageRes>", entries={"Doc_0/Pages/Page_0/Own.xml": res})
    assert colours(data) == [(0, 0, 255)]
    gone = ofd(square(10, 10), page="<ofd:PageRes>Gone.xml</ofd:PageRes>")
    scene, codes = noted(gone)
    assert len(scene.items) == 1
    assert "resource_missing" in codes


def test_a_document_without_its_public_resources_is_still_shown() -> None:
    package = Package.open(ofd(square(10, 10)))
    document = package.read("Doc_0/Document.xml").replace(b"PublicRes.xml", b"Gone.xml")
    scene, codes = noted(package.replace({"Doc_0/Document.xml": document}))
    assert len(scene.items) == 1
    assert "loc_missing" in codes


def test_objects_of_all_calls_together_are_bounded() -> None:
    reader = SceneReader(Package.open(ofd(square(10, 10) * 10)), most_objects=25)
    reader.scene(0)
    reader.scene(0)
    with pytest.raises(OfdError) as caught:
        reader.scene(0)
    assert caught.value.code == "document_too_complex"


def test_a_path_costs_by_its_length() -> None:
    long = f"<ofd:AbbreviatedData>M 0 0{' L 1 1' * 64_000}</ofd:AbbreviatedData>"
    path = f"<ofd:PathObject ID='9' Boundary='0 0 9 9'>{long}</ofd:PathObject>"
    placed = "<ofd:CompositeObject ID='9' Boundary='10 10 20 20' ResourceID='4'/>"
    reader = SceneReader(Package.open(ofd(placed * 30, resources=composite(path))), most_objects=10_000)
    with pytest.raises(OfdError) as caught:
        reader.scene(0)
    assert caught.value.code == "document_too_complex"


def test_groups_are_made_clear_as_a_whole() -> None:
    (group,) = groups(scene_of(ofd(square(10, 10, attributes="Alpha='51'"))).items)
    assert isinstance(group, Group)
    assert group.alpha == 0.2
