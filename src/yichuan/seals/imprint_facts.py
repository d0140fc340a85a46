"""What was measured on an imprint's scan, said so that whoever approves it knows what to look at."""

from dataclasses import dataclass

from yichuan.seals.models import Imprint

NEAR_MM = 0.5
ROUND, WHOLE = 0.97, 0.85
ALIKE = 0.05


@dataclass(frozen=True)
class Measure:
    """One measure: `state` is a check's (ok, warn, unknown)."""

    state: str
    name: str
    text: str


def measured(imprint: Imprint) -> list[Measure]:
    """The measures of the scan that an imprint was made of, or is compared with; none without a scan."""
    facts = imprint.inputs.get("scan")
    if not facts:
        return []
    return [
        _diameter(float(imprint.diameter_mm), facts["measured_mm"]),
        _turn(facts["turned"], facts["turn"], sure=facts["sure"]),
        _good(
            facts["off_centre_mm"] <= NEAR_MM,
            "中心",
            f"中央图案偏离圆心 {facts['off_centre_mm']:.2f} 毫米",
        ),
        _good(
            facts["flatness"] >= ROUND,
            "圆度",
            f"短轴是长轴的 {facts['flatness']:.1%}" + ("" if facts["flatness"] >= ROUND else "，拍得斜，已经拉正"),
        ),
        _good(facts["ring"] >= WHOLE, "边框", f"边框印出 {facts['ring']:.0%}"),
        *([_difference(facts["difference"])] if "difference" in facts else []),
    ]


def _good(good: bool, name: str, text: str) -> Measure:
    return Measure("ok" if good else "warn", name, f"{text}。" if good else f"{text}，请看是否要重新扫描。")


def _diameter(stated: float, found: float | None) -> Measure:
    if found is None:
        return Measure("unknown", "直径", "扫描件没有写明分辨率，按填写的直径还原大小。")
    near = abs(found - stated) <= NEAR_MM
    words = "相符" if near else "不符：请再量一次公章，或者扫描时不要缩放"
    return Measure("ok" if near else "warn", "直径", f"扫描件上 {found:.1f} 毫米，与 {stated:g} 毫米{words}。")


def _turn(turned: float, more: float, *, sure: bool) -> Measure:
    said = f"原来歪 {abs(turned):.1f} 度，已转正" if abs(turned) >= 0.1 else "原来就是正的"
    said += f"，又按填写的转了 {more:g} 度" if more else ""
    if sure or more:
        return Measure("ok", "方向", f"{said}。")
    return Measure("warn", "方向", "看不准方向，请看印文正不正；不正的，填写再转的角度重新上传。")


def _difference(share: float) -> Measure:
    if share <= ALIKE:
        return Measure("ok", "差异", f"{share:.1%} 的笔画对不上。")
    return Measure("warn", "差异", f"{share:.1%} 的笔画对不上：字体不同会这样，印文不同也会。请叠放起来逐字核对。")
