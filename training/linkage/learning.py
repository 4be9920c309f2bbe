"""
Learns, from the records alone, how much each level of each comparison weighs: Fellegi and Sunter's model, by Splink.

Nobody says which pairs are one child. How often strangers agree is counted on random pairs; how often one child's
records agree is estimated by expectation maximisation in two blocks, each of which leaves free what the other holds
fixed.
"""

import logging
from typing import Any, Literal

from splink import Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.splink_dataframe import SplinkDataFrame

from models.linkage import Block, Key, Linkage, Part
from training.linkage.comparisons import comparison

# What Splink says of levels stands in the link report; a screen is no place for what it might quote.
logging.getLogger("splink").addHandler(logging.NullHandler())
logging.getLogger("splink").propagate = False

# Pairs looked at: enough that a level one random pair in a hundred thousand reaches is seen some times; and enough for
# expectation maximisation, which is bounded so that a large authority waits no longer than a small one.
RANDOM_PAIRS, EM_PAIRS = 1e6, 3e5
_SAVED = ("label_for_charts", "is_null_level", "m_probability", "u_probability")
LEAST_M, LEAST_U = 1e-3, 1e-7
_SEED = 1
# Of the pairs of one child, the share whose number, or names and date of birth, are written the same: our guess, and one
# that hardly matters, since a tenth more or less moves every match weight by a seventh of a bit.
_RULES_FIND = 0.85


def settings(linkage: Linkage) -> SettingsCreator:
    """Return Splink's settings: the comparisons, and the pairs tried."""
    return SettingsCreator(
        link_type=link_type(linkage),
        comparisons=[comparison(part) for part in linkage.parts],
        blocking_rules_to_generate_predictions=[rule(linkage, block) for block in linkage.tried],
        unique_id_column_name="uid",
        source_dataset_column_name="agency",
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
        additional_columns_to_retain=[],
        linker_uid="earlyid",
    )


def link_type(linkage: Linkage) -> Literal["dedupe_only", "link_only", "link_and_dedupe"]:
    """Return whether pairs within an agency are tried at all, and whether there are others."""
    if len(linkage.agencies) == 1:
        return "dedupe_only"
    return "link_only" if all(agency.one_id_a_child for agency in linkage.agencies) else "link_and_dedupe"


def rule(linkage: Linkage, block: Block) -> BlockingRuleCreator:
    """Return a block as a rule for Splink; within an agency pairs are tried only where a child may have two ids."""
    conditions = [condition for left, right in block.keys for condition in _agree(left, right)]
    if link_type(linkage) == "link_and_dedupe":
        several = ", ".join(f"'{agency.name}'" for agency in linkage.agencies if not agency.one_id_a_child)
        conditions.append(f"(l.agency <> r.agency OR l.agency IN ({several}))")
    return CustomRule(" AND ".join(conditions))


def _agree(left: Key, right: Key) -> list[str]:
    crossed = [] if left == right else [f"l.{right.column} = r.{left.column}"]
    return [f"l.{left.column} = r.{right.column}", *crossed]


def learn(linkage: Linkage, people: list[SplinkDataFrame]) -> dict[str, Any]:
    """Return the learned model, as Splink saves it: data only, and nothing in it that identifies anyone."""
    linker = Linker(people, settings(linkage), log_level=None)
    linker.training.estimate_probability_two_random_records_match(certain_rules(linkage), recall=_RULES_FIND)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=_SEED, min_count_per_level=None, num_chunks=1
    )
    for block in em_blocks(linkage.parts):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule(linkage, block),
            estimate_without_term_frequencies=True,
            max_pairs=EM_PAIRS,
            record_sample_proportion=1.0,
        )
    return floored(linker.misc.save_model_to_json())


def floored(model: dict[str, Any]) -> dict[str, Any]:
    """
    Return a model in which nothing is impossible: what hardly anybody reached gets a least probability.

    However well records agree elsewhere, one in a thousand may be wrong in any part; and what no two strangers among
    millions had in common, one in ten million may have. A level that nobody reached at all speaks for nothing.
    """
    for level in (level for one in model["comparisons"] for level in one["comparison_levels"]):
        if not level.get("is_null_level"):
            m, u = level.get("m_probability") or 0.0, level.get("u_probability") or 0.0
            level["m_probability"] = _rounded(max(m, LEAST_M))
            level["u_probability"] = _rounded(max(u, LEAST_U) if m or u else LEAST_M)
    model["probability_two_random_records_match"] = _rounded(model["probability_two_random_records_match"])
    return model


def _rounded(probability: float) -> float:
    """Twelve figures: the last ones of a sum differ from run to run, since threads add in any order."""
    return float(f"{probability:.12g}")


def saved(model: dict[str, Any]) -> dict[str, Any]:
    """Return of a model what another linking needs: the probabilities, by the names of parts and levels, and no more."""
    return {
        "probability_two_random_records_match": model["probability_two_random_records_match"],
        "comparisons": [
            {
                "output_column_name": one["output_column_name"],
                "comparison_levels": [
                    {name: level[name] for name in _SAVED if name in level} for level in one["comparison_levels"]
                ],
            }
            for one in model["comparisons"]
        ],
    }


def certain_rules(linkage: Linkage) -> list[str | BlockingRuleCreator]:
    """Return rules that hardly any two people meet: one number, or all names and the date of birth."""
    numbers = [part.name for part in linkage.parts if part.kind in {"nhs_number", "upn", "number"}]
    plain = [part.name for part in linkage.parts if part.kind in {"name", "date"}]
    return [*(block_on(number) for number in numbers), *([block_on(*plain)] if plain else [])]


def em_blocks(parts: tuple[Part, ...]) -> list[Block]:
    """Return the two blocks of expectation maximisation: on date and place, and on names."""
    first = tuple(part.name for part in parts if part.kind in {"date", "postcode"})
    second = tuple(part.name for part in parts if part.kind == "name")
    return [Block(on=names) for names in (first, second) if names]
