"""Every kind of planted fault by its name, in the order of reports."""

from narrcheck.evaluation.perturb import faults_funds as funds
from narrcheck.evaluation.perturb import faults_rows as rows
from narrcheck.evaluation.perturb import faults_scores as scores
from narrcheck.evaluation.perturb import faults_text as text
from narrcheck.evaluation.perturb import faults_within as within
from narrcheck.evaluation.perturb.variant import Maker

FAMILIES: dict[str, dict[str, Maker]] = {
    "N": {
        "digit-swapped": text.digit_swapped,
        "times-ten": text.ten_times,
        "ten-thousand-dropped": text.ten_thousand_dropped,
        "chinese-numeral": text.chinese_numeral,
        "actual-digit-swapped": text.actual_digit_swapped,
        "decimals-cut": text.decimals_cut,
        "goal-digit-swapped": text.goal_digit_swapped,
        "target-digit-swapped": text.target_digit_swapped,
        "goal-unanswered": within.goal_unanswered,
        "goal-pasted": within.goal_pasted,
        "note-number-changed": text.note_number_changed,
        "verdict-refuted": text.verdict_refuted,
        "verdict-for-shortfall": text.verdict_for_shortfall,
        "part-changed": within.part_changed,
        "list-count-changed": within.list_count_changed,
        "year-changed": within.year_changed,
        "opening-year-changed": within.opening_year_changed,
    },
    "F": {
        "amount-digit-swapped": funds.amount_digit_swapped,
        "source-changed": funds.source_changed,
        "amount-times-ten": funds.amount_times_ten,
        "rate-changed": funds.rate_changed,
        "funds-score-changed": funds.funds_score_changed,
        "told-amount-changed": funds.told_amount_changed,
        "told-unit-dropped": funds.told_unit_dropped,
    },
    "S": {
        "exchanged": scores.exchanged,
        "score-raised": scores.score_raised,
        "score-off-rule": scores.score_off_rule,
        "score-deducted": scores.score_deducted,
        "score-changed": scores.score_changed,
        "score-over-weight": scores.score_over_weight,
        "weight-changed": scores.weight_changed,
        "total-changed": scores.total_changed,
        "grade-changed": scores.grade_changed,
        "note-dropped": scores.note_dropped,
        "actual-times-ten": scores.actual_times_ten,
    },
    "R": {
        "row-doubled": rows.row_doubled,
        "unit-changed": rows.unit_changed,
        "verdict-for-number": rows.verdict_for_number,
        "word-for-number": rows.word_for_number,
        "comparator-copied": rows.comparator_copied,
        "targets-together": rows.targets_together,
        "score-in-words": rows.score_in_words,
    },
}
FAULTS: dict[str, Maker] = {kind: maker for kinds in FAMILIES.values() for kind, maker in kinds.items()}
FAMILY_OF: dict[str, str] = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
