const list = (words: string) => new Set(words.split(/\s+/));

/** English words that carry no subject matter. */
export const STOP_WORDS = list(`
  a about above after again against all almost also although always am an and another any anyone anything are
  around as at away be became because become been before being below between both but by can could did do does
  doing done down during each either else enough etc even ever every few first for from further get gets getting
  give given go goes going got had has have having he hello help her here hers hi him his how however i if in
  indeed instead into is it its itself just keep know last least less let like made make makes many may maybe me
  might mine more most much must my myself near need needs never next nobody none nor not nothing now of off often
  on once one only onto or other others our ours out over own per perhaps please put quite rather really regards
  same say see seem seems several shall she should since so some someone something still such sure take tell
  than thank thanks that the their theirs them then there these they thing things this those though through thus
  to together too toward try trying two under until up upon us use used using very via want wants was way we well
  were what whatever when where whether which while who whoever whole whom whose why will with within without
  would yes yet you your yours yourself dear best kind hey ok okay
`);

/** Words that turn what follows them into its opposite. */
export const NEGATIONS = list(
  'no not never without neither nor none cannot nobody nothing hardly isnt wont dont',
);

/** Words of a name that tell its form, not its subject: sharing one of them proves nothing. */
export const GENERIC_NAME_WORDS = list(`
  id ids name type kind text value number no key code ref reference data info item list status date time at by of
  is has the count total field input output result
`);

/** Words in a name or description for an amount of money. */
export const MONEY_WORDS = list(
  'usd eur gbp chf jpy amount price cost total sum money fee dollar dollars euro euros',
);

/** Adjectives and verbs of approval: what a reviewer says when there is nothing to object to. */
export const APPROVAL_WORDS = list(`
  accept accepted acceptable accurate adequate agree agreed allow allowed answered approve approved clean compliant
  complete completed confirm confirmed consistent correct done enough fine good grounded met ok okay pass passed passes
  ready resolved safe satisfactory satisfied satisfies sound succeeded success successful sufficient supported valid
  verified yes
`);

/** Their opposites. */
export const OBJECTION_WORDS = list(`
  bad block blocked decline declined deny denied disagree disallow fail failed fails incomplete incorrect inconsistent
  insufficient invalid no noncompliant redo refuse refused reject rejected retry revise rework unacceptable unsafe
  unsupported wrong
`);

/** Names of lists of objections: empty when there is nothing to object to. */
export const OBJECTION_LIST_WORDS = list(`
  issue issues problem problems violation violations error errors warning warnings concern concerns objection objections
  defect defects flaw flaws gap gaps risk risks missing reasons reason blockers contradictions conflicts
`);

/** Labels that commit to nothing, for when nothing in particular was said. */
export const NEUTRAL_LABELS = list(`
  other general none unknown misc miscellaneous default neutral normal medium moderate unclear undecided unsure pending
  escalate review manual human skip ignore
`);

/** Verbs of tools that change nothing. */
export const LOOKING_VERBS = list(`
  ask browse calculate check compare compute convert count describe detect estimate evaluate examine explain extract
  fetch find get gets inspect list lists load look lookup lookups match measure parse preview query rank read reads
  resolve retrieve retrieves return returns scan search searches show shows summarise summarize test translate validate
  verify view
`);
