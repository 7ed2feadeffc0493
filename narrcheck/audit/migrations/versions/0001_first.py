"""The first version of the store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VIEWS = {
    "current_filings": """
        SELECT filings.*, folders.location AS folder, folders.named AS folder_named, files.path AS path,
               files.run_id AS run_id, files.checked_at AS checked_at
        FROM filings JOIN files ON files.id = filings.file_id JOIN folders ON folders.id = files.folder_id
        WHERE files.current
    """,
    "latest_decisions": """
        SELECT decisions.* FROM decisions
        JOIN (SELECT MAX(id) AS id FROM decisions GROUP BY finding) AS last ON last.id = decisions.id
    """,
    "current_findings": """
        SELECT filings.id AS filing_id, filings.path AS path, filings.year AS year, filings.project AS project,
               filings.department AS department, filings.unit AS unit, findings.finding AS finding,
               findings.rule AS rule, findings.severity AS severity, findings.message AS message,
               findings.waiver AS waiver, decided.verdict AS verdict, decided.why AS why, decided.who AS who
        FROM findings JOIN current_filings AS filings ON filings.id = findings.filing_id
        LEFT JOIN latest_decisions AS decided ON decided.finding = findings.finding
        UNION ALL
        SELECT filings.id, filings.path, filings.year, filings.project, filings.department, filings.unit,
               across.finding, across.rule, across.severity, across.message, across.waiver, decided.verdict,
               decided.why, decided.who
        FROM across
        JOIN (SELECT DISTINCT finding, filing_id FROM across_filings) AS places ON places.finding = across.finding
        JOIN current_filings AS filings ON filings.id = places.filing_id
        LEFT JOIN latest_decisions AS decided ON decided.finding = across.finding
    """,
}


def upgrade() -> None:
    """Make the tables, and the views for people who query the store."""
    op.create_table(
        "across",
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("waiver", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("finding", name="pk_across"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_finding", "decisions", ["finding"], unique=False)
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
    op.create_table(
        "folders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_folders"),
        sa.UniqueConstraint("location", name="uq_folders_location"),
    )
    op.create_table(
        "runs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("folder_id", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("engine", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("settings_key", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("options", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("listed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("checked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name="fk_runs_folder_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("folder_id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("passing", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("settings_key", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("modified", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name="fk_files_folder_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_files_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index(
        "uq_files_current",
        "files",
        ["folder_id", "path"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "filings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("money_unit", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("total_score", sa.Text(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("narrative", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("numbers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("linked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("checked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("doubtful_cells", sa.Integer(), server_default="0", nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("executed", sa.BigInteger(), nullable=True),
        sa.Column("funds", sa.Text(), nullable=True),
        sa.Column("doubts", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("failures", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("degraded", sa.Boolean(), nullable=False),
        sa.Column("unit_key", sa.Text(), nullable=False),
        sa.Column("project_key", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name="fk_filings_file_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_filings"),
        sa.UniqueConstraint("file_id", "position", name="uq_filings_file_id"),
    )
    op.create_table(
        "problems",
        sa.Column("file_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name="fk_problems_file_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "position", name="pk_problems"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "across_filings",
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filing_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_across_filings_filing_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["finding"], ["across.finding"], name="fk_across_filings_finding", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("finding", "position", name="pk_across_filings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_across_filings_filing_id", "across_filings", ["filing_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("filing_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("in_row", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("upper", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("modifier", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_claims_filing_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("filing_id", "position", name="pk_claims"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("filing_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("waiver", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_findings_filing_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("filing_id", "position", name="pk_findings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indicators",
        sa.Column("filing_id", KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level1", sa.Text(), nullable=True),
        sa.Column("level2", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("target_value", sa.Text(), nullable=True),
        sa.Column("target_upper", sa.Text(), nullable=True),
        sa.Column("target_unit", sa.Text(), nullable=True),
        sa.Column("actual", sa.Text(), nullable=True),
        sa.Column("actual_value", sa.Text(), nullable=True),
        sa.Column("actual_upper", sa.Text(), nullable=True),
        sa.Column("actual_unit", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("weight", sa.Text(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_indicators_filing_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("filing_id", "position", name="pk_indicators"),
        sqlite_with_rowid=False,
    )
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
