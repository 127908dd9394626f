#include "services/suite/audit_tables.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/contract/schema.h"
#include "common/text/columns.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::suite {
namespace {

using contract::Field;
using contract::Schema;
using google::protobuf::util::TimeUtil;
using sheet::ColumnKind;

bool IsTold(const Field& field) { return field.name() != "etag" && field.name() != "trace"; }

std::string HeadingOf(const Field& field, Language language) {
  return language == Language::kJapanese && !field.rule.ja().empty() ? field.rule.ja() : field.name();
}

// `yen` is the field that is added up; empty: none.
template <typename M>
AuditTable TableOf(const std::vector<M>& records, const char* file, absl::string_view yen, Language language) {
  const Schema& schema = Schema::Of(M::descriptor());
  AuditTable table{file, schema.rule().ja(), schema.collection(), {}, ""};
  for (const Field& field : schema.fields()) {
    if (!IsTold(field)) continue;
    const ColumnKind kind = field.repeated                           ? ColumnKind::kText
                            : field.kind == contract::Kind::kInteger ? ColumnKind::kInteger
                            : field.kind == contract::Kind::kDate    ? ColumnKind::kDate
                                                                     : ColumnKind::kText;
    table.lines.columns.push_back({HeadingOf(field, language), kind});
  }
  if (!yen.empty()) table.total_of = HeadingOf(*schema.Find(yen), language);
  for (const M& record : records) {
    std::vector<std::string>& row = table.lines.rows.emplace_back();
    for (const Field& field : schema.fields()) {
      if (IsTold(field)) row.push_back(CellOf(record, field, language));
    }
  }
  return table;
}

}  // namespace

std::vector<AuditTable> RecordTables(const AuditRecords& records, Language language) {
  std::vector<AuditTable> tables;
  tables.push_back(TableOf(std::vector<subsidy::v1::Programme>{records.programme}, "programme.csv", "", language));
  tables.push_back(TableOf(records.allotments, "allotments.csv", "yen", language));
  tables.push_back(TableOf(records.applications, "applications.csv", "granted_yen", language));
  tables.push_back(TableOf(records.filings, "filings.csv", "amount_yen", language));
  tables.push_back(TableOf(records.decisions, "decisions.csv", "amount_yen", language));
  tables.push_back(TableOf(records.payments, "payments.csv", "yen", language));
  tables.push_back(TableOf(records.overrides, "overrides.csv", "", language));
  tables.push_back(TableOf(records.forwardings, "forwardings.csv", "yen", language));
  tables.push_back(TableOf(records.commitments, "commitments.csv", "", language));
  tables.push_back(TableOf(records.commitment_acts, "commitment_acts.csv", "yen", language));
  tables.push_back(TableOf(records.commitment_overrides, "commitment_overrides.csv", "", language));
  tables.push_back(TableOf(records.claims, "usage_claims.csv", "total_yen", language));
  tables.push_back(TableOf(records.providers, "providers.csv", "", language));
  tables.push_back(TableOf(records.usage_grants, "usage_grants.csv", "", language));
  tables.push_back(TableOf(records.schemes, "activity_schemes.csv", "", language));
  tables.push_back(TableOf(records.service_records, "service_records.csv", "yen", language));
  tables.push_back(TableOf(records.limits, "approval_limits.csv", "", language));
  tables.push_back(TableOf(records.layouts, "payment_layouts.csv", "", language));
  tables.push_back(TableOf(records.batches, "payment_batches.csv", "total_yen", language));
  tables.push_back(TableOf(records.requests, "payment_requests.csv", "yen", language));
  tables.push_back(TableOf(records.lines, "budget_lines.csv", "granted_yen", language));
  tables.push_back(TableOf(records.changes, "budget_changes.csv", "yen", language));
  tables.push_back(TableOf(records.postings, "postings.csv", "yen", language));
  return tables;
}

AuditTable RevisionTable(const AuditRecords& records, Language language) {
  const bool ja = language == Language::kJapanese;
  AuditTable table{"journal/revisions.csv", "変更履歴", "revisions", {}, ""};
  table.lines.columns = {{ja ? "記録" : "record"},          {ja ? "版" : "revision", ColumnKind::kInteger},
                         {ja ? "変更日時" : "change_time"}, {ja ? "変更者" : "actor"},
                         {ja ? "依頼者" : "on_behalf_of"},  {ja ? "操作" : "method"},
                         {ja ? "要求ID" : "request_id"},    {ja ? "変更履歴の位置" : "place", ColumnKind::kInteger}};
  for (const platform::v1::Revision& one : records.revisions) {
    const auto place = records.places.find({one.resource_name(), one.revision()});
    table.lines.rows.push_back({one.resource_name(), absl::StrCat(one.revision()),
                                TimeUtil::ToString(one.change_time()), one.actor(), one.on_behalf_of(), one.method(),
                                one.request_id(), place == records.places.end() ? "" : absl::StrCat(place->second)});
  }
  return table;
}

AuditTable CheckTable(const char* file, const char* table_ja, const char* table_en,
                      const std::vector<AuditCheck>& checks, Language language) {
  const bool ja = language == Language::kJapanese;
  AuditTable table{file, table_ja, table_en, {}, ""};
  table.lines.columns = {{ja ? "記録" : "record"},
                         {ja ? "項目" : "what"},
                         {ja ? "記録の値" : "stored", ColumnKind::kInteger},
                         {ja ? "再計算" : "again", ColumnKind::kInteger},
                         {ja ? "差" : "difference", ColumnKind::kInteger},
                         {ja ? "結果" : "result"},
                         {ja ? "要綱" : "rule_set"}};
  for (const AuditCheck& one : checks) {
    const char* result = !one.same.has_value() ? (ja ? "計算なし" : "no rule")
                         : *one.same           ? (ja ? "一致" : "same")
                                               : (ja ? "不一致" : "differs");
    table.lines.rows.push_back({one.record, ja ? one.ja : one.en, absl::StrCat(one.stored),
                                one.again ? absl::StrCat(*one.again) : "",
                                one.again ? absl::StrCat(*one.again - one.stored) : "", result, one.rule_set});
  }
  return table;
}

}  // namespace tsunagu::suite
