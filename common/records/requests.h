#ifndef TSUNAGU_COMMON_RECORDS_REQUESTS_H_
#define TSUNAGU_COMMON_RECORDS_REQUESTS_H_

#include <vector>

#include "common/db/table_definition.h"

namespace tsunagu::store {

// Tables of answered requests, by which a repetition is known, and of the service's secrets.
std::vector<TableDefinition> RequestTables(Dialect dialect);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_REQUESTS_H_
