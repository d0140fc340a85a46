from django.urls import URLPattern, path

from yichuan.exchange.views import groups, papers, tracks

patterns: list[URLPattern] = [
    path("paper/", papers.paper_in, name="paper_in"),
    path("deliveries/<uuid:delivery_id>/paper/<uuid:item_id>/", papers.arrived, name="paper_arrived"),
    path("sent/paper/", papers.paper_out, name="paper_out"),
    path("sent/<uuid:dispatch_id>/paper/", papers.dispatch_paper, name="dispatch_paper"),
    path("sent/<uuid:dispatch_id>/paper/posted/", papers.note_posted, name="post_paper"),
    path("sent/<uuid:dispatch_id>/paper/list/", papers.print_list, name="print_paper_list"),
    path("sent/<uuid:dispatch_id>/paper/<uuid:recipient_id>/cover/", papers.print_cover, name="print_cover"),
    path("recipients/groups/", groups.groups, name="groups"),
    path("recipients/groups/new/", groups.new_group, name="new_group"),
    path("recipients/groups/keep/", groups.keep, name="keep_group"),
    path("recipients/groups/<uuid:group_id>/", groups.group, name="group"),
    path("recipients/groups/<uuid:group_id>/move/", groups.move, name="move_group"),
    path("recipients/groups/<uuid:group_id>/delete/", groups.delete, name="delete_group"),
    path("tracks/", tracks.tracks, name="tracks"),
    path("tracks/<uuid:rule_id>/end/", tracks.end, name="end_track"),
]
