from django.urls import path

from yichuan.people import certificate_urls
from yichuan.people.views import devices, logins, session, spot_checks

app_name = "people"
urlpatterns = [
    *certificate_urls.patterns,
    path("login/", session.log_in, name="log_in"),
    path("session/", session.state, name="session"),
    path("logout/", session.log_out, name="log_out"),
    path("password/", session.change_password, name="change_password"),
    path("logins/", logins.my_logins, name="my_logins"),
    path("logins/end-others/", logins.end_others, name="end_other_sessions"),
    path("logins/all/", logins.login_list, name="logins"),
    path("logins/alarms/", logins.alarm_list, name="alarms"),
    path("logins/alarms/<uuid:alarm_id>/", logins.acknowledge_alarm, name="acknowledge_alarm"),
    path("devices/", devices.device_list, name="devices"),
    path("devices/bind/", devices.bind, name="bind_device"),
    path("devices/new/", devices.register, name="register_device"),
    path("devices/checks/", spot_checks.check_list, name="checks"),
    path("devices/<uuid:device_id>/", devices.device, name="device"),
    path("devices/<uuid:device_id>/code/", devices.give_code, name="device_code"),
    path("devices/<uuid:device_id>/unbind/", devices.unbind, name="unbind_device"),
    path("devices/<uuid:device_id>/required/", devices.require_devices, name="require_devices"),
    path("devices/<uuid:device_id>/retire/", devices.retire, name="retire_device"),
    path("devices/<uuid:device_id>/checks/", spot_checks.checked_device, name="checked_device"),
    path("devices/<uuid:device_id>/checks/new/", spot_checks.check, name="spot_check"),
    path("devices/<uuid:device_id>/checks/<uuid:check_id>/", spot_checks.report_of_check, name="check_report"),
    path("devices/<uuid:device_id>/seal-off/", spot_checks.seal, name="seal_off_device"),
    path("devices/<uuid:device_id>/open/", spot_checks.unseal, name="open_device"),
    path("devices/<uuid:device_id>/sealings/<uuid:sealing_id>/", spot_checks.report_of_sealing, name="sealing_report"),
]
