#include "tests/bench/training.h"

#include <cstdio>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/contract/own_id.h"
#include "common/db/open.h"
#include "common/jp/civil_day.h"
#include "common/print/document.h"
#include "services/training/badge.h"
#include "services/training/paper/certificate_page.h"
#include "services/training/templates.h"
#include "tests/bench/registry.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::bench {
namespace {

namespace v1 = training::v1;

constexpr char kIssuer[] = "見本県知事";
const std::string kSeed(32, 's');

double RateOf(const Stopwatch& watch) { return Training::kLearners / absl::ToDoubleSeconds(watch.Elapsed()); }

std::string CourseOf(int number) { return absl::StrCat("courses/b", number); }

std::string NameOf(int learner) { return absl::StrCat("見本 花子", learner); }

// A token as the service signs it.
std::string Token(int learner, const v1::Curriculum& curriculum, jp::CivilDay day) {
  return training::SignBadge({absl::StrFormat("2026-%05d-1", learner), NameOf(learner), kIssuer,
                              curriculum.display_name(), curriculum.name(), day, absl::nullopt, learner},
                             kSeed);
}

double SignRate(jp::CivilDay day) {
  const v1::Curriculum& curriculum = training::Templates()[0];
  const Stopwatch watch;
  for (int i = 0; i < Training::kLearners; ++i) Require(!Token(i, curriculum, day).empty(), "no token");
  return RateOf(watch);
}

double DrawRate(jp::CivilDay day) {
  const v1::Curriculum& curriculum = training::Templates()[0];
  std::vector<v1::Certificate> certificates(Training::kLearners);
  for (int i = 0; i < Training::kLearners; ++i) {
    v1::Certificate& certificate = certificates[i];
    certificate.set_number(absl::StrFormat("2026-%05d-1", i));
    certificate.set_holder(NameOf(i));
    certificate.set_course_title("見本研修");
    *certificate.mutable_issue_date() = *certificate.mutable_completion_date() = jp::ToDate(day);
    certificate.set_token(Token(i, curriculum, day));
  }
  const Stopwatch watch;
  const auto document = print::Document::Begin("見本", day);
  Require(document.ok(), "no document");
  size_t bytes = 0;
  for (const v1::Certificate& certificate : certificates) {
    Require(training::DrawCertificate(certificate, **document).ok(), "a page is not drawn");
    bytes += (*document)->Take().size();
  }
  Require((*document)->Finish().ok() && bytes + (*document)->Take().size() > size_t{200} * Training::kLearners,
          "no pages");
  return RateOf(watch);
}

}  // namespace

Training::Training() : data_dir_(folder_ / "data"), location_(data_dir_ + "/training.db") {
  process::ServerProcess::Options options;
  options.command = {"tsunagu-training"};
  Serve(options);
}

Training::Training(process::Mariadb& mariadb, const std::string& schema)
    : schema_(std::make_unique<process::MariadbRegistry>(mariadb, schema, "training")),
      data_dir_(schema_->data_dir()),
      location_(mariadb.Url(schema + "_training")) {
  process::ServerProcess::Options options = schema_->Options();
  options.command = {"tsunagu-training"};
  Serve(options);
}

template <typename Answer>
Answer Training::Ask(const std::string& method, const google::protobuf::Message& request) {
  rpc::CallOptions options = server_->call_options();
  options.purpose = "benchmark";
  options.timeout = absl::Minutes(1);
  auto answer = server_->peer().Unary<Answer>("tsunagu.training.v1." + method, request, options);
  if (!answer.ok()) GiveUp(absl::StrCat(method, ": ", answer.status().ToString()));
  return *std::move(answer);
}

void Training::Serve(const process::ServerProcess::Options& options) {
  server_ = std::make_unique<process::ServerProcess>(data_dir_, options);
  Require(!server_->address().empty(), "the training service does not start");
  v1::CreateCurriculumRequest create;
  *create.mutable_curriculum() = training::Templates()[0];
  create.mutable_curriculum()->clear_name();
  create.set_curriculum_id("coordinator-1");
  Ask<v1::Curriculum>("CurriculumService/CreateCurriculum", create);
  std::string people = "source_key,display_name,body\n";
  for (int i = 0; i < kRounds * kLearners; ++i) absl::StrAppend(&people, "k", i, ",", NameOf(i), ",areas/312011\n");
  ImportInto(*server_, "training", "learners", people, kRounds * kLearners);
  for (int number = 0; number < kRounds; ++number) AddCourse(number);
}

void Training::AddCourse(int number) {
  const std::string course = CourseOf(number);
  v1::CreateCourseRequest create;
  create.set_course_id(contract::OwnId(course));
  create.mutable_course()->set_display_name("見本研修");
  create.mutable_course()->set_curriculum("curricula/coordinator-1");
  create.mutable_course()->set_fiscal_year(2024);
  create.mutable_course()->add_hosts("areas/310000");
  create.mutable_course()->set_capacity(kLearners);
  create.mutable_course()->set_issuer(kIssuer);
  *create.mutable_course()->mutable_start_date() = jp::ToDate(jp::CivilDay(2024, 4, 1));
  *create.mutable_course()->mutable_end_date() = jp::ToDate(jp::CivilDay(2024, 9, 30));
  Ask<v1::Course>("CourseService/CreateCourse", create);
  std::string nominated = "course,learner,nominating_body,rank,ground\n";
  for (int i = 0; i < kLearners; ++i) {
    absl::StrAppend(&nominated, course, ",k", number * kLearners + i, ",areas/312011,", i + 1, ",OTHER\n");
  }
  ImportInto(*server_, "training", "enrollments", nominated, kLearners);
  v1::SelectLearnersRequest select;
  select.set_name(course);
  const auto selected = Ask<v1::SelectLearnersResponse>("CourseService/SelectLearners", select);
  Require(selected.accepted_size() == kLearners, "not all are accepted");
  std::string attended = "enrollment,session,subject,minutes\n";
  int day = 1;
  for (const auto& subject : training::Templates()[0].subjects()) {
    v1::CreateSessionRequest hold;
    hold.set_parent(course);
    *hold.mutable_session()->mutable_held_date() = jp::ToDate(jp::CivilDay(2024, 5, day++));
    hold.mutable_session()->set_start_minute(540);
    hold.mutable_session()->set_end_minute(540 + subject.minutes());
    hold.mutable_session()->set_mode(v1::Session::MODE_ON_SITE);
    hold.mutable_session()->add_lessons()->set_subject(subject.code());
    hold.mutable_session()->mutable_lessons(0)->set_minutes(subject.minutes());
    const auto session = Ask<v1::Session>("SessionService/CreateSession", hold);
    for (const std::string& enrollment : selected.accepted()) {
      absl::StrAppend(&attended, enrollment, ",", session.name(), ",", subject.code(), ",", subject.minutes(), "\n");
    }
  }
  ImportInto(*server_, "training", "attendances", attended, kLearners * (day - 1));
}

double Training::ProgressRate() {
  v1::ListProgressRequest request;
  request.set_parent(CourseOf(0));
  request.set_page_size(1000);
  const Stopwatch watch;
  const auto page = Ask<v1::ListProgressResponse>("EnrollmentService/ListProgress", request);
  const double rate = RateOf(watch);
  Require(page.progress_size() == kLearners && page.progress(0).complete(), "not everybody's progress");
  return rate;
}

double Training::RawFactsRate() const {
  auto database = store::Open(location_);
  Require(database.ok(), location_);
  const Stopwatch watch;
  int64_t rows = 0;
  const absl::Status read = (*database)->Read(Deadline::After(absl::Minutes(1)), [&](store::Session& session) {
    absl::Status status = absl::OkStatus();
    for (const char* statement : {"SELECT `id`, `state`, `acts` FROM `enrollments` WHERE `id` > ? AND `id` < ?",
                                  "SELECT `id`, `held_date`, `lessons` FROM `sessions` WHERE `id` > ? AND `id` < ?",
                                  "SELECT `id`, `session`, `minutes` FROM `attendances` WHERE `id` > ? AND `id` < ?",
                                  "SELECT `id`, `subject`, `minutes` FROM `statements` WHERE `id` > ? AND `id` < ?",
                                  "SELECT `id`, `test`, `correct` FROM `test_results` WHERE `id` > ? AND `id` < ?",
                                  "SELECT `id`, `kind`, `act` FROM `trials` WHERE `id` > ? AND `id` < ?"}) {
      status.Update(
          session.Query(statement, {absl::string_view("b0/"), absl::string_view("b00")}, [&](const store::Row& row) {
            Require(!row.Bytes(0).empty(), "a row without a name");
            ++rows;
            return absl::OkStatus();
          }));
    }
    return status;
  });
  Require(read.ok() && rows == kLearners * 10 + 9, absl::StrCat("not the facts of a course: ", rows));
  return RateOf(watch);
}

Training::Rates Training::IssueAndPrint(int round) {
  Rates rates;
  rpc::CallOptions options = server_->call_options();
  options.purpose = "benchmark";
  options.timeout = absl::Minutes(10);
  {
    const Stopwatch watch;
    const auto stream = server_->peer().Stream("tsunagu.training.v1.CertificateService/IssueCertificates", options);
    v1::IssueCertificatesRequest request;
    request.set_course(CourseOf(round));
    Require(stream->Write(request), "nothing is issued");
    stream->WritesDone();
    v1::IssueCertificatesResponse issued;
    int count = 0;
    for (absl::StatusOr<bool> more = stream->Read(issued); more.ok() && *more; more = stream->Read(issued)) {
      Require(!issued.certificate().empty(), issued.ShortDebugString());
      ++count;
    }
    const absl::Status end = stream->Finish();
    Require(end.ok() && count == kLearners, absl::StrCat(count, " issued: ", end.ToString()));
    rates.issued = RateOf(watch);
  }
  {
    const Stopwatch watch;
    const auto stream = server_->peer().Stream("tsunagu.training.v1.CertificateService/DownloadCertificates", options);
    v1::DownloadCertificatesRequest request;
    request.set_course(CourseOf(round));
    Require(stream->Write(request), "nothing is printed");
    stream->WritesDone();
    v1::DownloadCertificatesResponse piece;
    int count = 0;
    for (absl::StatusOr<bool> more = stream->Read(piece); more.ok() && *more; more = stream->Read(piece)) {
      count = piece.page_count();
    }
    const absl::Status end = stream->Finish();
    Require(end.ok() && count == kLearners, absl::StrCat(count, " printed: ", end.ToString()));
    rates.printed = RateOf(watch);
  }
  const jp::CivilDay day = jp::JapanDay(Clock::System().Now());
  rates.signed_alone = SignRate(day);
  rates.drawn_alone = DrawRate(day);
  return rates;
}

std::vector<Line> CompareTraining(const std::string& engine, Training& training) {
  std::vector<Line> lines;
  const auto keep = [&](const std::string& what, Spread value) { lines.push_back({what, engine, value, "×", "-"}); };
  const std::string progress =
      absl::StrCat("progress of a course of ", Training::kLearners, " ÷ reading its facts alone, learners a second");
  keep(progress, Alternate(
                     progress, [&] { return training.ProgressRate(); }, [&] { return training.RawFactsRate(); }));
  std::vector<Training::Rates> rounds;
  const auto both = [](double one, double other) { return 1 / (1 / one + 1 / other); };
  const std::string all = absl::StrCat(
      Training::kLearners, " certificates issued and printed ÷ signed and drawn alone, certificates a second");
  const Spread ratio = Alternate(
      all,
      [&] {
        rounds.push_back(training.IssueAndPrint(static_cast<int>(rounds.size())));
        return both(rounds.back().issued, rounds.back().printed);
      },
      [&] { return both(rounds.back().signed_alone, rounds.back().drawn_alone); });
  std::vector<double> issuing, printing;
  for (const Training::Rates& round : rounds) {
    issuing.push_back(round.issued / round.signed_alone);
    printing.push_back(round.printed / round.drawn_alone);
    std::fprintf(stderr, "issued %.0f, printed %.0f, signed alone %.0f, drawn alone %.0f a second\n", round.issued,
                 round.printed, round.signed_alone, round.drawn_alone);
  }
  keep(all, ratio);
  keep("the same, issued ÷ signed", SpreadOf(std::move(issuing)));
  keep("the same, printed ÷ drawn", SpreadOf(std::move(printing)));
  return lines;
}

}  // namespace tsunagu::bench
