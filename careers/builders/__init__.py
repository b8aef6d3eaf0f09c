"""From rows to what a section shows: one builder for each block."""

from collections.abc import Callable

from careers.blocks import Shown
from careers.builders import becoming, frame, future, official, pay, states
from careers.models import Block
from careers.rows import Rows

type Builder = Callable[[Rows], Shown]

BUILDERS: dict[Block, Builder] = {
    Block.OVERVIEW: pay.overview,
    Block.NATION: official.nation,
    Block.CERTIFICATIONS: pay.certifications,
    Block.PREMIUM: pay.premium,
    Block.COMPARISON: pay.comparison,
    Block.STATES: pay.states,
    Block.STATE_MAP: states.state_map,
    Block.STATE_TABLE: states.state_table,
    Block.SPECIALTIES: pay.specialties,
    Block.NICHE: pay.niche,
    Block.WORK_MODELS: pay.work_models,
    Block.REMOTE: pay.remote,
    Block.LADDER: future.ladder,
    Block.ALTERNATIVES: future.alternatives,
    Block.OUTLOOK: future.outlook,
    Block.AI: future.ai,
    Block.ADVICE: future.advice,
    Block.EXAM_FACTS: becoming.exam_facts,
    Block.APPRENTICE: becoming.apprentice,
    Block.EXAM_COSTS: becoming.exam_costs,
    Block.PAY_BACK: becoming.pay_back,
    Block.TOPICS: frame.topics,
    Block.QUESTIONS: frame.questions,
    Block.RESOURCES: frame.resources,
    Block.SOURCES: frame.sources,
}
