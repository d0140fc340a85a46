"""How the database itself keeps the three administrators apart, and posts as they were given (P4, G-5 to G-7).

Whatever writes past the services is refused: a post beside an administrator's post of the same person at any time,
dated, future and stand-in posts included; other permissions than the template's in an administrator's post; another
account, duty, unit, office or beginning in a post that stands; an ended post that comes back; a post removed.
"""

ADMINISTRATORS = "('auditor', 'security_officer', 'system_admin')"

BESIDE = f"""
    EXISTS (
        SELECT 1 FROM org_post other
        WHERE other.account_id = NEW.account_id AND other.id <> NEW.id
        AND (NEW.duty IN {ADMINISTRATORS} OR other.duty IN {ADMINISTRATORS})
        AND (other.until IS NULL OR other.until > NEW.since)
        AND (NEW.until IS NULL OR NEW.until > other.since)
    )"""  # noqa: S608 - two constants
ADMINISTRATOR_WITH_OWN_PERMISSIONS = f"NEW.duty IN {ADMINISTRATORS} AND NEW.permissions IS NOT NULL"

SQLITE = (
    f"""
CREATE TRIGGER org_post_apart_insert BEFORE INSERT ON org_post WHEN {BESIDE}
BEGIN SELECT RAISE(ABORT, 'administrators hold no other post'); END;
""",
    f"""
CREATE TRIGGER org_post_apart_update BEFORE UPDATE ON org_post WHEN {BESIDE}
BEGIN SELECT RAISE(ABORT, 'administrators hold no other post'); END;
""",
    *(
        f"""
CREATE TRIGGER org_post_template_{event.lower()} BEFORE {event} ON org_post
WHEN {ADMINISTRATOR_WITH_OWN_PERMISSIONS}
BEGIN SELECT RAISE(ABORT, 'administrators have the permissions of their template'); END;
"""
        for event in ("INSERT", "UPDATE")
    ),
    """
CREATE TRIGGER org_post_no_replace BEFORE INSERT ON org_post
WHEN EXISTS (SELECT 1 FROM org_post WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a post stays as it was given'); END;
""",
    """
CREATE TRIGGER org_post_stays BEFORE UPDATE ON org_post
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id OR NEW.duty IS NOT OLD.duty
OR NEW.unit_id IS NOT OLD.unit_id OR NEW.office_id IS NOT OLD.office_id OR NEW.since IS NOT OLD.since
OR NEW.stands_in_for_id IS NOT OLD.stands_in_for_id
OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until))
BEGIN SELECT RAISE(ABORT, 'a post stays as it was given'); END;
""",
    """
CREATE TRIGGER org_post_no_delete BEFORE DELETE ON org_post
BEGIN SELECT RAISE(ABORT, 'a post is ended, never removed'); END;
""",
)

# The account's row is locked first, so that of two posts given at the same instant the second sees the first.
POSTGRESQL = f"""
CREATE FUNCTION org_post_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a post is ended, never removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.account_id, NEW.duty, NEW.unit_id, NEW.office_id, NEW.since, NEW.stands_in_for_id)
        IS DISTINCT FROM
        (OLD.id, OLD.account_id, OLD.duty, OLD.unit_id, OLD.office_id, OLD.since, OLD.stands_in_for_id)
        OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until))
    ) THEN
        RAISE EXCEPTION 'a post stays as it was given' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF {ADMINISTRATOR_WITH_OWN_PERMISSIONS} THEN
        RAISE EXCEPTION 'administrators have the permissions of their template'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM people_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF {BESIDE} THEN
        RAISE EXCEPTION 'administrators hold no other post' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER org_post_guard BEFORE INSERT OR UPDATE OR DELETE ON org_post
FOR EACH ROW EXECUTE FUNCTION org_post_guard();
"""


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            for trigger in SQLITE:
                cursor.execute(trigger)
        else:
            cursor.execute(POSTGRESQL)
