#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/suite/demo_report.h"
#include "services/suite/demo_words.h"

namespace tsunagu::suite {
namespace {

// A value as JSON.
std::string Json(int64_t number) { return absl::StrCat(number); }
std::string Json(bool value) { return value ? "true" : "false"; }
std::string Json(absl::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      absl::StrAppend(&json, "\\", std::string(1, c));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&json, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      json.push_back(c);
    }
  }
  return json + "\"";
}
std::string Json(const std::string& text) { return Json(absl::string_view(text)); }

// The same, of parts that are JSON already.
using Members = std::vector<std::pair<absl::string_view, std::string>>;
std::string Object(const Members& members) {
  return absl::StrCat("{", absl::StrJoin(members, ",", [](std::string* out, const auto& member) {
                        absl::StrAppend(out, Json(member.first), ":", member.second);
                      }), "}");
}

template <typename Rows, typename OfRow>
std::string Array(const Rows& rows, OfRow of_row) {
  return absl::StrCat("[", absl::StrJoin(rows, ",", [&](std::string* out, const auto& row) {
                        absl::StrAppend(out, of_row(row));
                      }), "]");
}

std::string RowJson(const platform::v1::RowOutcome& row) {
  return Object({{"row", Json(row.row())},
                 {"refused", Json(row.refused())},
                 {"faults", Array(row.faults(), [](const auto& fault) {
                    return Object({{"column", Json(fault.column())},
                                   {"reason", Json(absl::StripPrefix(platform::v1::Reason_Name(fault.reason()), "REASON_"))},
                                   {"text", Json(fault.text())}});
                  })}});
}

std::string ImportJson(const Imported& imported) {
  const platform::v1::ImportSummary& summary = imported.summary;
  return Object({{"collection", Json(imported.collection)},
                 {"invented", Json(imported.source.empty())},
                 {"file", Json(imported.source)},
                 {"layout", Json(summary.layout())},
                 {"rows", Json(summary.row_count())},
                 {"created", Json(summary.created_count())},
                 {"updated", Json(summary.updated_count())},
                 {"unchanged", Json(summary.unchanged_count())},
                 {"warned", Json(summary.warned_count())},
                 {"refused", Json(summary.refused_count())},
                 {"faulty_rows", Array(imported.rows, RowJson)}});
}

std::string FacilityJson(const Outcome::FacilityLine& line) {
  return Object({{"facility", Json(line.name)},
                 {"display_name", Json(line.display_name)},
                 {"posts", Json(line.posts)},
                 {"filled", Json(line.filled)},
                 {"short", Json(line.open())}});
}

std::string UnmatchedJson(const Outcome::UnmatchedLine& line) {
  const matching::v1::Assignment& example = line.example;
  return Object({{"reason", Json(ShortWord(line.reason))},
                 {"main_blocker", Json(ShortWord(line.blocker))},
                 {"nurses", Json(line.nurses)},
                 {"example", Object({{"nurse", Json(example.nurse())},
                                     {"considered_openings", Json(int64_t{example.considered_opening_count()})},
                                     {"blocked_openings", Json(int64_t{example.blocked_opening_count()})},
                                     {"extra_metres", Json(int64_t{example.extra_metres()})},
                                     {"missing_skill", Json(ShortWord(example.missing_skill()))},
                                     {"openings_by_skill", Json(int64_t{example.openings_by_skill_count()})}})}});
}

std::string CountsJson(const DemoReport& report) {
  const matching::v1::Round& round = report.round;
  const auto& bands = report.outcome.by_choice;
  return Object({{"nurses", Json(int64_t{round.nurse_count()})},
                 {"openings", Json(int64_t{round.opening_count()})},
                 {"posts", Json(int64_t{round.post_count()})},
                 {"matched", Json(int64_t{round.matched_count()})},
                 {"posts_open", Json(int64_t{round.post_count()} - round.matched_count())},
                 {"by_choice", Object({{"1", Json(bands[0])},
                                       {"2", Json(bands[1])},
                                       {"3", Json(bands[2])},
                                       {"4-10", Json(bands[3])},
                                       {"later", Json(bands[4])}})},
                 {"mean_metres", Json(report.outcome.mean_metres)},
                 {"median_metres", Json(report.outcome.median_metres)}});
}

std::string VerifierJson(const matching::v1::VerifySolutionResponse& verdict) {
  return Object({{"stable", Json(verdict.stable())},
                 {"checked_pairs", Json(int64_t{verdict.checked_pair_count()})},
                 {"findings", Array(verdict.findings(), [](const auto& finding) {
                    return Object({{"kind", Json(finding.kind())},
                                   {"nurse", Json(finding.nurse())},
                                   {"opening", Json(finding.opening())}});
                  })}});
}

}  // namespace

std::string ReportJson(const DemoReport& report) {
  Members millis;
  for (const auto& [step, passed] : report.millis) millis.emplace_back(step, Json(passed));
  return absl::StrCat(Object({{"round", Json(report.round.name())},
                              {"area", Json(report.area)},
                              {"seed", Json(report.seed)},
                              {"rule_table_version", Json(int64_t{report.round.rule_table_version()})},
                              {"snapshot_digest", Json(report.round.snapshot_digest())},
                              {"result_digest", Json(report.round.result_digest())},
                              {"imports", Array(report.imports, ImportJson)},
                              {"counts", CountsJson(report)},
                              {"facilities", Array(report.outcome.facilities, FacilityJson)},
                              {"unmatched", Array(report.outcome.unmatched, UnmatchedJson)},
                              {"verifier", VerifierJson(report.verdict)},
                              {"milliseconds", Object(millis)}}),
                      "\n");
}

}  // namespace tsunagu::suite
