#include <string>

#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "services/suite/demo/report.h"
#include "services/suite/demo/words.h"

namespace tsunagu::suite {
namespace {

using Json = nlohmann::ordered_json;

template <typename Rows, typename OfRow>
Json Array(const Rows& rows, OfRow of_row) {
  Json array = Json::array();
  for (const auto& row : rows) array.push_back(of_row(row));
  return array;
}

Json FaultJson(const platform::v1::RowOutcome::RowFault& fault) {
  return {{"column", fault.column()},
          {"reason", fault.reason()},
          {"text", fault.text()}};
}

Json RowJson(const platform::v1::RowOutcome& row) {
  return {{"row", row.row()}, {"refused", row.refused()}, {"faults", Array(row.faults(), FaultJson)}};
}

Json ImportJson(const Imported& imported) {
  const platform::v1::ImportSummary& summary = imported.summary;
  return {{"collection", imported.collection},
          {"invented", imported.source.empty()},
          {"file", imported.source},
          {"layout", summary.layout()},
          {"row_count", summary.row_count()},
          {"created_count", summary.created_count()},
          {"updated_count", summary.updated_count()},
          {"unchanged_count", summary.unchanged_count()},
          {"warned_count", summary.warned_count()},
          {"refused_count", summary.refused_count()},
          {"rows", Array(imported.rows, RowJson)}};
}

Json FacilityJson(const Outcome::FacilityLine& line) {
  return {{"facility", line.name},
          {"display_name", line.display_name},
          {"post_count", line.posts},
          {"filled_count", line.filled},
          {"open_count", line.open()}};
}

Json UnmatchedJson(const Outcome::UnmatchedLine& line) {
  const matching::v1::Assignment& example = line.example;
  return {{"reason", ShortWord(line.reason)},
          {"main_blocker", ShortWord(line.blocker)},
          {"nurse_count", line.nurses},
          {"example",
           {{"nurse", example.nurse()},
            {"considered_opening_count", example.considered_opening_count()},
            {"blocked_opening_count", example.blocked_opening_count()},
            {"extra_metres", example.extra_metres()},
            {"missing_skill", ShortWord(example.missing_skill())},
            {"openings_by_skill_count", example.openings_by_skill_count()}}}};
}

Json CountsJson(const DemoReport& report) {
  const matching::v1::Round& round = report.round;
  const auto& bands = report.outcome.by_choice;
  return {{"nurse_count", round.nurse_count()},
          {"opening_count", round.opening_count()},
          {"post_count", round.post_count()},
          {"matched_count", round.matched_count()},
          {"open_post_count", round.post_count() - round.matched_count()},
          {"by_choice",
           {{"1", bands[0]}, {"2", bands[1]}, {"3", bands[2]}, {"4-10", bands[3]}, {"later", bands[4]}}},
          {"mean_metres", report.outcome.mean_metres},
          {"median_metres", report.outcome.median_metres}};
}

Json VerifierJson(const matching::v1::VerifySolutionResponse& verdict) {
  return {{"stable", verdict.stable()},
          {"checked_pair_count", verdict.checked_pair_count()},
          {"findings", Array(verdict.findings(), [](const auto& finding) {
             return Json{{"kind", finding.kind()}, {"nurse", finding.nurse()}, {"opening", finding.opening()}};
           })}};
}

}  // namespace

std::string ReportJson(const DemoReport& report) {
  Json millis = Json::object();
  for (const auto& [step, passed] : report.millis) millis[step] = passed;
  const Json json = {{"round", report.round.name()},
                     {"area", report.area},
                     {"seed", report.seed},
                     {"rule_table_version", report.round.rule_table_version()},
                     {"snapshot_digest", report.round.snapshot_digest()},
                     {"result_digest", report.round.result_digest()},
                     {"imports", Array(report.imports, ImportJson)},
                     {"counts", CountsJson(report)},
                     {"facilities", Array(report.outcome.facilities, FacilityJson)},
                     {"unmatched", Array(report.outcome.unmatched, UnmatchedJson)},
                     {"verifier", VerifierJson(report.verdict)},
                     {"milliseconds", millis}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tsunagu::suite
