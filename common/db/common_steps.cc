#include "common/db/schema_steps.h"

namespace tsunagu::store {

std::vector<SchemaStep> CommonSteps() {
  return {
      {"common", 1, "operations are listed by caller and by whom he acts for", 0,
       SchemaStep::DropIndex{"operations", "i_operations_principal", "`principal`, `id`"}},
  };
}

}  // namespace tsunagu::store
