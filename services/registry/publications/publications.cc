#include "services/registry/publications/publications.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/records/blobs.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/publications/publication_files.h"
#include "services/registry/publications/publication_tables.h"
#include "services/registry/rules/publication.h"
#include "tsunagu/registry/v1/publication.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using v1::Publication;

constexpr int kDefaultLeast = 5;
// Limits a file to one message, and the time of the decision.
constexpr size_t kMostFigures = 10'000;
constexpr char kLedger[] = "ledger", kJson[] = "json", kCsv[] = "csv";

void MakePublished(Publication& publication) {
  publication.set_state(Publication::STATE_PUBLISHED);
  if (publication.least_count() == 0) publication.set_least_count(kDefaultLeast);
  if (publication.zeros() == Publication::ZEROS_UNSPECIFIED) publication.set_zeros(Publication::ZEROS_TOLD);
}

absl::StatusOr<std::string> ReadBlob(store::View& view, const std::string& publication, const char* name) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<Publication>(view, publication));
  std::string bytes;
  RETURN_IF_ERROR(blobs.Read(name, 0, 1, [&](absl::string_view part) {
    bytes = std::string(part);
    return absl::OkStatus();
  }));
  return bytes;
}

// Reads all publications of the same day, whoever made them, including withdrawn ones: published figures remain known.
// Sorted by name, so that the same request has the same answer.
absl::StatusOr<std::vector<PublicationLedger>> ReadEarlier(store::Tx& tx, jp::CivilDay day) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(store::Records<Publication>::All(tx).ForEach(Where("as_of_date", jp::FormatIso(day)),
                                                               [&](const Publication& publication) {
                                                                 names.push_back(publication.name());
                                                                 return absl::OkStatus();
                                                               }));
  const store::AsProgram all(tx);
  std::vector<PublicationLedger> earlier;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadBlob(tx, name, kLedger));
    if (!earlier.emplace_back().ParseFromString(bytes)) return absl::DataLossError("publication ledger");
  }
  return earlier;
}

// Returns the form of a survey that can be published in this way; nothing if a fault states why not.
absl::StatusOr<v1::SurveyForm> CheckSurvey(const store::Decision<Publication>& decision) {
  const Publication& publication = decision.after();
  const auto round = decision.all<v1::SurveyRound>().Get(publication.survey_round());
  if (absl::IsNotFound(round.status()) || absl::IsInvalidArgument(round.status()))
    return v1::SurveyForm();  // already reported
  RETURN_IF_ERROR(round.status());
  if (round->state() != v1::SurveyRound::STATE_LOCKED)
    decision.faults().Add("survey_round", "PUBLICATION_ROUND_OPEN"_reason);
  const jp::CivilDay day = jp::DayOf(round->as_of_date());
  if (round->prefecture() != publication.prefecture() || day != jp::DayOf(publication.as_of_date())) {
    decision.faults().Add("survey_round", "PUBLICATION_OF_ANOTHER_ROUND"_reason,
                          {{"prefecture", round->prefecture()}, {"date", jp::FormatIso(day)}});
  }
  ASSIGN_OR_RETURN(v1::SurveyForm form, decision.all<v1::SurveyForm>().Get(round->form()));
  for (int i = 0; i < publication.items_size(); ++i) {
    const bool is_number = std::any_of(form.items().begin(), form.items().end(), [&](const v1::SurveyForm::Item& item) {
      return item.code() == publication.items(i) && item.kind() == v1::SurveyForm::KIND_NUMBER;
    });
    if (is_number) continue;
    decision.faults().Add(absl::StrCat("items[", i, "]"), "PUBLICATION_ITEM_NOT_COUNTED"_reason,
                          {{"item", publication.items(i)}});
  }
  return form;
}

// Adds the faults of the tables for the source of the publication.
void CheckTables(const Publication& publication, Faults& faults) {
  for (int i = 0; i < publication.tables_size(); ++i) {
    const bool is_of_survey = publication.tables(i) == Publication::TABLE_ANSWERS;
    if (is_of_survey == !publication.survey_round().empty()) continue;
    faults.Add(absl::StrCat("tables[", i, "]"), "PUBLICATION_TABLE_UNFIT"_reason);
  }
  if (!publication.survey_round().empty()) return;
  for (int i = 0; i < publication.items_size(); ++i) {
    faults.Add(absl::StrCat("items[", i, "]"), "PUBLICATION_ITEM_NOT_COUNTED"_reason, {{"item", publication.items(i)}});
  }
}

std::set<int> FiguresOf(const PublicationTables& tables) {
  std::set<int> figures;
  for (const PublicationTable& table : tables.tables) {
    for (const auto& row : table.rows) figures.insert(row.figures.begin(), row.figures.end());
  }
  figures.erase(-1);
  return figures;
}

// Decides what is withheld, or returns why nothing can be published.
absl::Status Withhold(const store::Decision<Publication>& decision, const std::vector<PublicationLedger>& earlier,
                      PublicationTables& tables) {
  const Publication& publication = decision.after();
  size_t cells = 0;
  for (const PublicationTable& table : tables.tables) cells += table.rows.size() * table.columns.size();
  if (cells > kMostFigures) {
    return FailAt("publication.tables", "PUBLICATION_TOO_LARGE"_reason,
                  {{"count", absl::StrCat(cells)}, {"max", absl::StrCat(kMostFigures)}});
  }
  const std::set<int> figures = FiguresOf(tables);
  const rules::Judgement judgement = rules::Judge(
      earlier, {publication.least_count(), publication.zeros() == Publication::ZEROS_WITHHELD}, tables.ledger);
  if (judgement.told_already > 0) {
    return Fail("PUBLICATION_TOLD_ALREADY"_reason,
                {{"count", absl::StrCat(judgement.told_already)}, {"least", absl::StrCat(publication.least_count())}});
  }
  if (judgement.determined > 0) {
    return Fail("PUBLICATION_NOT_SAFE"_reason, {{"count", absl::StrCat(judgement.determined)}});
  }
  const auto withheld = std::count_if(figures.begin(), figures.end(),
                                      [&](int figure) { return tables.ledger.figures(figure).withheld(); });
  if (withheld > 0 && withheld == static_cast<int64_t>(figures.size())) return Fail("PUBLICATION_NOTHING_LEFT"_reason);
  decision.Derive([&](Publication& record) {
    record.set_figure_count(static_cast<int>(figures.size()));
    record.set_withheld_count(static_cast<int>(withheld));
  });
  return absl::OkStatus();
}

absl::Status DecidePublication(const store::Decision<Publication>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // a withdrawal changes nothing else
  const Publication& publication = decision.after();
  if (!jp::CheckDate(publication.as_of_date()).ok()) return absl::OkStatus();  // already reported
  const jp::CivilDay day = jp::DayOf(publication.as_of_date());
  if (day > decision.today()) decision.faults().Add("as_of_date", "PUBLICATION_AHEAD"_reason);
  CheckTables(publication, decision.faults());
  v1::SurveyForm form;
  if (!publication.survey_round().empty()) {
    ASSIGN_OR_RETURN(form, CheckSurvey(decision));
  }
  if (!decision.faults().empty()) return absl::OkStatus();
  // Of concurrent publications for a day, the later one must see the earlier.
  RETURN_IF_ERROR(decision.tx().Guard("publications of a day", jp::FormatIso(day)));
  ASSIGN_OR_RETURN(const auto earlier, ReadEarlier(decision.tx(), day));
  PublicationTables tables;
  if (publication.survey_round().empty()) {
    ASSIGN_OR_RETURN(tables, CountPlaced(decision.tx(), publication));
  } else {
    ASSIGN_OR_RETURN(tables, CountAnswers(decision.tx(), publication, form, earlier));
  }
  RETURN_IF_ERROR(Withhold(decision, earlier, tables));
  std::string json = PublicationJson(publication, tables), csv = PublicationCsv(publication, tables);
  decision.Derive([&](Publication& record) {
    record.set_publisher(decision.tx().actor().Person());
    record.set_json_sha256(absl::BytesToHexString(Sha256(json)));
    record.set_csv_sha256(absl::BytesToHexString(Sha256(csv)));
  });
  decision.Then([name = publication.name(), json = std::move(json), csv = std::move(csv),
                 ledger = tables.ledger.SerializeAsString()](store::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<Publication>(tx, name));
    RETURN_IF_ERROR(blobs.Write(tx, kLedger, {0, "", ledger}));
    RETURN_IF_ERROR(blobs.Write(tx, kJson, {0, "", json}));
    return blobs.Write(tx, kCsv, {0, "", csv});
  });
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<v1::ReadPublicationFileResponse> ReadFile(Service& service, const rpc::Call& call,
                                                         const Request& request, bool audits) {
  const char* name = request.format() == Publication::FORMAT_CSV ? kCsv : kJson;
  v1::ReadPublicationFileResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const Publication publication, store::Records<Publication>(view).Get(request.name()));
    if (publication.state() == Publication::STATE_WITHDRAWN && !audits) return Fail("PUBLICATION_WITHDRAWN"_reason);
    ASSIGN_OR_RETURN(*response.mutable_data(), ReadBlob(view, request.name(), name));
    response.set_sha256(name == kCsv ? publication.csv_sha256() : publication.json_sha256());
    return absl::OkStatus();
  }));
  // Bytes that differ from the digest in the record, which the journal protects, are not returned.
  if (absl::BytesToHexString(Sha256(response.data())) != response.sha256()) {
    return absl::DataLossError("publication file");
  }
  return response;
}

absl::Status Withdraw(store::Tx& tx, const v1::WithdrawPublicationRequest& request, Publication& publication) {
  if (publication.state() == Publication::STATE_WITHDRAWN) return Fail("PUBLICATION_WITHDRAWN"_reason);
  publication.set_state(Publication::STATE_WITHDRAWN);
  publication.set_withdrawer(tx.actor().Person());
  publication.set_withdraw_reason(request.reason());
  *publication.mutable_withdraw_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
  return absl::OkStatus();
}

}  // namespace

void AddPublications(Service& service) {
  Resource& publications = service.Add<Publication>().Rule(DecidePublication).WhenReceived(MakePublished);
  store::Blobs::AddTo<Publication>(service.store());
  BindStandard(service, "tsunagu.registry.v1.PublicationService", publications)
      .Unary("ReadPublicationFile",
             [&](rpc::Call& call, const v1::ReadPublicationFileRequest& request) {
               return ReadFile(service, call, request, false);
             })
      .Unary("AuditPublicationFile",
             [&](rpc::Call& call, const v1::AuditPublicationFileRequest& request) {
               return ReadFile(service, call, request, true);
             })
      .Unary("WithdrawPublication", [&](rpc::Call& call, const v1::WithdrawPublicationRequest& request) {
        return ChangeRecord<Publication>(
            service, call, publications, request,
            [&](store::Tx& tx, Publication& publication) { return Withdraw(tx, request, publication); });
      });
}

}  // namespace tsunagu::registry
