"""What the database itself refuses in the log's tables, for the migrations that set it.

An entry and a leaf stay as they are, a tile only grows, a checkpoint is only signed and sent, the head only moves on;
none of them is removed.
"""

APPEND_ONLY = "SELECT RAISE(ABORT, 'the log is append-only')"
ENTRY_FUNCTION = """
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
GROWS = """BEGIN
  IF TG_OP = 'UPDATE' AND ({allowed}) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END"""

KEYS = {"entry": "id", "leaf": '"index"', "tile": "id", "checkpoint": "size", "head": "id"}
NOTHING = None
"""In place of what an UPDATE may change."""
TILE_GROWS = (
    "NEW.id = OLD.id AND NEW.level = OLD.level AND NEW.number = OLD.number"
    " AND length(NEW.hashes) >= length(OLD.hashes) AND substr(NEW.hashes, 1, length(OLD.hashes)) = OLD.hashes"
)
CHECKPOINT_STAYS = (
    "NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.at = OLD.at"
    " AND (OLD.signature IS NULL OR NEW.signature = OLD.signature)"
    " AND (OLD.sent_at IS NULL OR NEW.sent_at = OLD.sent_at)"
)
HEAD_MOVES_ON = "NEW.id = OLD.id AND NEW.size >= OLD.size"
NUMBERED = {
    "checkpoint": f"NEW.number = OLD.number AND {CHECKPOINT_STAYS}",
    "head": f"{HEAD_MOVES_ON} AND NEW.checkpoints >= OLD.checkpoints",
}
"""Since checkpoints are numbered."""
ALL = {"entry": NOTHING, "leaf": NOTHING, "tile": TILE_GROWS, **NUMBERED}


def guards(vendor, tables):
    """Statements that guard `tables`: each with the condition under which an UPDATE is let through, or `NOTHING`."""
    of_table = _sqlite if vendor == "sqlite" else _postgresql
    return [statement for table, allowed in tables.items() for statement in of_table(table, allowed)]


def _sqlite(table, allowed):
    name, key = f"audit_{table}", KEYS[table]
    unless = "" if allowed is NOTHING else f" WHEN ({allowed}) IS NOT 1"
    there = f"EXISTS (SELECT 1 FROM {name} WHERE {key} = NEW.{key})"  # noqa: S608 - names of this file
    refused = f"BEGIN {APPEND_ONLY}; END"
    return [
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name}{unless} {refused}",
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN {there} {refused}",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refused}",
    ]


def _postgresql(table, allowed):
    name = f"audit_{table}"
    if allowed is NOTHING:
        trigger, function = f"{name}_append_only", "audit_entry_append_only"
        made = [ENTRY_FUNCTION] if table == "entry" else []
    else:
        trigger = function = f"{name}_guard"
        body = GROWS.format(allowed=allowed)
        made = [f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"]
    return [
        *made,
        f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
