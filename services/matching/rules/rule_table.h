#ifndef TSUNAGU_SERVICES_MATCHING_RULES_RULE_TABLE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_RULE_TABLE_H_

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// The instance as the rule table of that version reads it: asked by the rules of today it gives what that table said.
// What a table does not know is left out of it (half-days, the least hours, the first day, unwanted facilities since 3;
// who counts as 看護師, and the employer's own rule, since 2), and what it cut from the lists is cut (1, ADR 0012). For
// explaining and for varying: what was read may be changed and read again. `rules/verify` judges old rounds by code of
// its own. A version that is not known is read as that of today.
Instance ReadByTable(Instance instance, int version);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_RULE_TABLE_H_
