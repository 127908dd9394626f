#include "common/records/requests.h"

#include "common/records/store.h"

namespace tsunagu::store {

const SignedTable& RequestTable() {
  using Kind = SignedTable::Kind;
  static const auto& table = *new SignedTable(
      "requests", 3,
      {{"caller"}, {"method"}, {"request_id"}, {"digest", Kind::kBytes}, {"revisions"}, {"answer", Kind::kBytes}},
      "request_id");
  return table;
}

void AddRequestTables(Store& store) {
  const ColumnTypes types(store.database().dialect());
  store.AddSigned(RequestTable(), {"requests",
                                   {{"caller", types.Ascii(64) + " NOT NULL"},
                                    {"method", types.Ascii(128) + " NOT NULL"},
                                    {"request_id", "VARCHAR(96) NOT NULL"},
                                    {"digest", types.Blob()},
                                    {"revisions", "TEXT"},
                                    {"answer", types.Blob()},
                                    {"expire_time", "BIGINT NOT NULL"}},
                                   "`caller`, `method`, `request_id`",
                                   {{"i_requests_expire_time", false, "`expire_time`"}}});
  store.AddPlain({"secrets", {{"name", types.Ascii(64) + " NOT NULL"}, {"bytes", types.Blob()}}, "`name`", {}});
}

}  // namespace tsunagu::store
