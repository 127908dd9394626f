#ifndef TSUNAGU_SERVICES_MATCHING_RULES_RULE_TABLE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_RULE_TABLE_H_

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Returns the instance in the form in which the rule table of that version reads it: today's rules applied to the
// result decide as that table did. Facts that a table does not use are removed (before 3: half-days, the least hours,
// the first day, unwanted facilities; before 2: which licences count as 看護師, and the employer's own rule). The lists
// that table 1 cut are cut (ADR 0012). For explanations and for variations: the result may be changed and read again.
// `rules/verify` judges old rounds with code of its own. An unknown version is read as today's.
Instance ReadByTable(Instance instance, int version);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_RULE_TABLE_H_
