#include "common/records/requests.h"

namespace tsunagu::store {

std::vector<TableDefinition> RequestTables(Dialect dialect) {
  const ColumnTypes types(dialect);
  return {{"requests",
           {{"caller", types.Ascii(64) + " NOT NULL"},
            {"method", types.Ascii(128) + " NOT NULL"},
            {"request_id", "VARCHAR(96) NOT NULL"},
            {"digest", types.Blob()},
            {"revisions", "TEXT"},
            {"answer", types.Blob()},
            {"expire_time", "BIGINT NOT NULL"}},
           "`caller`, `method`, `request_id`",
           {{"i_requests_expire_time", false, "`expire_time`"}}},
          {"secrets", {{"name", types.Ascii(64) + " NOT NULL"}, {"bytes", types.Blob()}}, "`name`", {}}};
}

}  // namespace tsunagu::store
