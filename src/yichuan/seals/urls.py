from yichuan.seals import application_urls, ceremony_urls, custody_urls, imprint_urls, ledger_urls, status_urls

app_name = "seals"
urlpatterns = [
    *application_urls.patterns,
    *imprint_urls.patterns,
    *ceremony_urls.patterns,
    *custody_urls.patterns,
    *ledger_urls.patterns,
    *status_urls.patterns,
]
