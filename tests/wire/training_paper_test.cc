// Printed certificates, and keys that live for years.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/host/journals.h"
#include "services/training/badge.h"
#include "services/training/certificate.h"
#include "services/training/token_text.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/training/v1/sign_in_sheet.pb.h"
#include "tsunagu/training/v1/signing_key.pb.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;
using testing::Not;
using Response = training_v1::VerifyCertificateResponse;

// Returns the output of a command.
std::string Printed(const std::string& command) {
  std::string text;
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  std::array<char, 4096> piece;
  while (const size_t read = fread(piece.data(), 1, piece.size(), pipe)) text.append(piece.data(), read);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

class TrainingPaperTest : public TrainingTest {
 protected:
  void SetUp() override {
    TrainingTest::SetUp();
    folder_ = std::filesystem::path(testing::TempDir()) /
              absl::StrCat("paper-", getpid(), "-", testing::UnitTest::GetInstance()->random_seed());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }

  training_v1::Certificate Certified(const std::string& name) {
    const std::string enrollment = Enroll(course_, MakeLearner(name));
    AttendAll(enrollment);
    const auto certificate = Issue(enrollment);
    EXPECT_EQ(Said(certificate), "OK");
    return *certificate;
  }
  absl::StatusOr<training_v1::DownloadCertificateResponse> Download(const Caller& caller, const std::string& name) {
    training_v1::DownloadCertificateRequest request;
    request.set_name(name);
    return caller.Call<training_v1::DownloadCertificateResponse>("training.v1.CertificateService/DownloadCertificate",
                                                                 request);
  }
  // All pieces of a stream's answers.
  template <typename Piece, typename Request>
  absl::StatusOr<std::vector<Piece>> All(const std::string& method, const Request& request) {
    const auto stream = reader().Stream("training.v1." + method);
    stream->Write(request);
    stream->WritesDone();
    std::vector<Piece> pieces;
    Piece piece;
    for (auto more = stream->Read(piece); more.ok() && *more; more = stream->Read(piece)) pieces.push_back(piece);
    const absl::Status end = stream->Finish();
    if (!end.ok()) return end;
    return pieces;
  }
  absl::StatusOr<training_v1::SigningKey> Rotate() {
    return Ask<training_v1::SigningKey>("SigningKeyService/RotateSigningKey", training_v1::RotateSigningKeyRequest());
  }
  std::string Retire(const std::string& key) {
    training_v1::RetireSigningKeyRequest request;
    request.set_name(key);
    request.set_reason("鍵の漏えいのおそれ");
    return Said(Ask<training_v1::SigningKey>("SigningKeyService/RetireSigningKey", request));
  }
  // The verdicts on a token: the server's, and the offline one with the published keys.
  std::vector<Response::Verdict> Verdicts(const std::string& token) {
    training_v1::VerifyCertificateRequest request;
    request.set_token(token);
    const auto here = Ask<Response>("CertificateService/VerifyCertificate", request);
    EXPECT_EQ(Said(here), "OK");
    const auto keys = Ask<training_v1::VerificationKeys>("CertificateService/GetVerificationKeys",
                                                         training_v1::GetVerificationKeysRequest());
    const auto there = training::CheckBadge(token, keys->jwks(), keys->status_list(), jp::JapanDay(clock().Now()));
    EXPECT_EQ(Said(there), "OK");
    return {here->verdict(), there->verdict};
  }

  std::filesystem::path folder_;
};
WIRE_TEST_ON_BOTH(TrainingPaperTest);

TEST_P(TrainingPaperTest, TheQrCodeOfThePageIsTheTokenAndItsTextIsText) {
  const training_v1::Certificate certificate = Certified("髙﨑 𠮷子");
  const auto printed = Download(reader(), certificate.name());
  ASSERT_EQ(Said(printed), "OK");
  EXPECT_EQ(printed->data(), Download(reader(), certificate.name())->data()) << "the same bytes each time";
  const std::string pdf = Write("c.pdf", printed->data());
  EXPECT_EQ(training::TokenWithin(printed->data()), certificate.token()) << "the file is checked without a camera";
  const std::string text = Printed("pdftotext -layout " + pdf + " -");
  for (const char* there : {"修了証", "髙﨑 𠮷子", "みほん研修", "見本県知事", "修了日", "交付日"})
    EXPECT_THAT(text, HasSubstr(there));
  EXPECT_THAT(text, HasSubstr(certificate.number()));
  Printed("pdftoppm -r 200 -png " + pdf + " " + (folder_ / "page").string());
  const std::string page = (folder_ / "page-1.png").string();
  const std::string code = Printed("zbarimg -q --raw " + page);
  EXPECT_EQ(absl::StripAsciiWhitespace(code), certificate.token());
  EXPECT_THAT(Verdicts(std::string(absl::StripAsciiWhitespace(code))),
              testing::ElementsAre(Response::VERDICT_VALID, Response::VERDICT_VALID));
}

TEST_P(TrainingPaperTest, WithoutAnIssuerTheHostIsNamed) {
  training_v1::UpdateCourseRequest update;
  update.mutable_course()->set_name(course_);
  update.mutable_update_mask()->add_paths("issuer");
  ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", update)), "OK");
  const auto printed = Download(reader(), Certified("見本 花子").name());
  EXPECT_THAT(Printed("pdftotext " + Write("c.pdf", printed->data()) + " -"), HasSubstr("鳥取県"));
}

// Neither paper nor token say where she works, when she was born, for whom she learned.
TEST_P(TrainingPaperTest, WhatMustNotBeThereIsNotThere) {
  training_v1::CreateLearnerRequest create;
  create.mutable_learner()->set_display_name("見本 花子");
  create.mutable_learner()->set_kana("ヒミツノヨミ");
  create.mutable_learner()->set_body("areas/312011");
  create.mutable_learner()->set_office("ひみつの事業所");
  create.mutable_learner()->set_occupation("ひみつの職種");
  create.mutable_learner()->set_source_key("himitsu-key");
  const auto learner = Ask<training_v1::Learner>("LearnerService/CreateLearner", create);
  const std::string enrollment = Enroll(course_, learner->name());
  AttendAll(enrollment);
  const auto certificate = Issue(enrollment);
  ASSERT_EQ(Said(certificate), "OK");
  const std::vector<std::string> parts = absl::StrSplit(certificate->token(), '.');
  std::string said;
  for (size_t i = 0; i < 2; ++i) {
    std::string decoded;
    ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[i], &decoded));
    said += decoded;
  }
  const auto printed = Download(reader(), certificate->name());
  said += Printed("pdftotext " + Write("c.pdf", printed->data()) + " -");
  said += Printed("pdfinfo " + (folder_ / "c.pdf").string());
  EXPECT_THAT(said, HasSubstr("見本 花子"));
  for (const char* secret : {"ひみつ", "ヒミツ", "himitsu", "312011", "鳥取", "learners/"}) {
    EXPECT_THAT(said, Not(HasSubstr(secret)));
  }
}

TEST_P(TrainingPaperTest, WhatCannotBePrintedSaysWhy) {
  training_v1::DownloadCertificatesRequest all;
  all.set_course(course_);
  const auto print_all = [&] {
    return Said(All<training_v1::DownloadCertificatesResponse>("CertificateService/DownloadCertificates", all));
  };
  training_v1::MakeSignInSheetRequest sheet;
  sheet.set_session(sessions_[0].name());
  sheet.set_format(training_v1::MakeSignInSheetRequest::FORMAT_PDF);
  EXPECT_EQ(print_all(), "FAILED_PRECONDITION NO_CERTIFICATE_TO_PRINT");
  EXPECT_EQ(Said(Ask<training_v1::SignInSheet>("SignInSheetService/MakeSignInSheet", sheet)),
            "FAILED_PRECONDITION NOBODY_ACCEPTED");
  // Characters of four bytes, as many as the fields take.
  std::string issuer, name;
  for (int i = 0; i < 100; ++i) {
    issuer += "𠮷";
    name += "𠀋";
  }
  const std::string title = issuer + issuer.substr(0, 4 * 50);
  training_v1::UpdateCourseRequest update;
  update.mutable_course()->set_name(course_);
  update.mutable_course()->set_issuer(issuer);
  update.mutable_update_mask()->add_paths("issuer");
  ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", update)), "OK");
  training_v1::UpdateCurriculumRequest rename;
  rename.mutable_curriculum()->set_name("curricula/coordinator-1");
  rename.mutable_curriculum()->set_display_name(title);
  rename.mutable_update_mask()->add_paths("display_name");
  ASSERT_EQ(Said(Ask<training_v1::Curriculum>("CurriculumService/UpdateCurriculum", rename)), "OK");
  const training_v1::Certificate certificate = Certified(name);
  EXPECT_EQ(Said(Download(reader(), certificate.name())), "FAILED_PRECONDITION TOKEN_TOO_LONG_TO_PRINT");
  EXPECT_EQ(print_all(), "INVALID_ARGUMENT INVALID_REQUEST " + certificate.name() + ":TOKEN_TOO_LONG_TO_PRINT");
  platform_v1::EraseDataSubjectRequest erase;
  erase.set_parent("services/training");
  erase.set_subject(certificate.learner());
  ASSERT_EQ(
      Said(admin().Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", erase)),
      "OK");
  EXPECT_EQ(Said(Download(reader(), certificate.name())), "FAILED_PRECONDITION NAME_NOT_READABLE");
  EXPECT_EQ(print_all(), "FAILED_PRECONDITION NO_CERTIFICATE_TO_PRINT");
}

TEST_P(TrainingPaperTest, APageAsksForWhatReadingANameAsksFor) {
  const training_v1::Certificate certificate = Certified("見本 花子");
  EXPECT_EQ(Said(Download(admin(), certificate.name())), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  const Caller operating = CallerWith("operating", {"training-operator@*"}, "training").For("tests");
  EXPECT_EQ(Said(Download(operating, certificate.name())), "PERMISSION_DENIED PERMISSION_DENIED");
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"}, "training").For("tests");
  EXPECT_EQ(Said(Download(elsewhere, certificate.name())), "NOT_FOUND CERTIFICATE_NOT_FOUND");
  const Caller hers = CallerWith("hers", {"municipality-officer@areas/312011"}, "training").For("tests");
  EXPECT_EQ(Said(Download(hers, certificate.name())), "OK");
  EXPECT_EQ(Column(server().database("training"),
                   "SELECT COUNT(*) FROM `access_log_names` n JOIN `access_log` a ON a.`id` = n.`id` WHERE a.`actor` = "
                   "'hers'"),
            std::vector<std::string>{"1"});
  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(certificate.name());
  revoke.set_reason("判定の誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  EXPECT_EQ(Said(Download(reader(), certificate.name())), "FAILED_PRECONDITION CERTIFICATE_NOT_VALID");
}

TEST_P(TrainingPaperTest, OfACourseEachWhoCompletedIsIssuedOneAndAllArePrinted) {
  const std::string complete = Enroll(course_, MakeLearner("見本 一子")),
                    lacking = Enroll(course_, MakeLearner("見本 二子"));
  AttendAll(complete);
  training_v1::IssueCertificatesRequest issue;
  issue.set_course(course_);
  for (int time = 0; time < 2; ++time) {
    const auto issued = All<training_v1::IssueCertificatesResponse>("CertificateService/IssueCertificates", issue);
    ASSERT_EQ(Said(issued), "OK");
    ASSERT_EQ(issued->size(), 2u);
    for (const auto& one : *issued) {
      if (one.enrollment() == complete) {
        EXPECT_THAT(one.certificate(), HasSubstr("certificates/2050-00001-")) << "twice is once";
      } else {
        EXPECT_EQ(one.certificate(), "");
        EXPECT_EQ(one.refusals_size(), 9);
        EXPECT_EQ(one.refusals(0).reason(), "REQUIREMENT_MISSING");
      }
    }
  }
  AttendAll(lacking);
  ASSERT_EQ(Said(All<training_v1::IssueCertificatesResponse>("CertificateService/IssueCertificates", issue)), "OK");
  training_v1::DownloadCertificatesRequest request;
  request.set_course(course_);
  const auto pieces =
      All<training_v1::DownloadCertificatesResponse>("CertificateService/DownloadCertificates", request);
  ASSERT_EQ(Said(pieces), "OK");
  std::string pdf;
  for (const auto& piece : *pieces) pdf += piece.data();
  const std::string text = Printed("pdftotext " + Write("all.pdf", pdf) + " -");
  EXPECT_THAT(text, testing::AllOf(HasSubstr("見本 一子"), HasSubstr("見本 二子")));
  EXPECT_THAT(Printed("pdfinfo " + (folder_ / "all.pdf").string()), HasSubstr("Pages:           2"));
}

// A fault in all certificates of a course is corrected in one call, once.
TEST_P(TrainingPaperTest, OfACourseAllAreIssuedAnewWhereTheyWouldSaySomethingElse) {
  std::vector<std::string> learners;
  for (const char* name : {"見本 一子", "見本 二子"}) {
    learners.push_back(MakeLearner(name));
    const std::string enrollment = Enroll(course_, learners.back());
    AttendAll(enrollment);
    ASSERT_EQ(Said(Issue(enrollment)), "OK");
  }
  training_v1::ReissueCertificatesRequest request;
  request.set_course(course_);
  const auto reissue = [&] {
    const auto done = All<training_v1::ReissueCertificatesResponse>("CertificateService/ReissueCertificates", request);
    EXPECT_EQ(Said(done), "OK");
    return done.ok() ? *done : std::vector<training_v1::ReissueCertificatesResponse>();
  };
  EXPECT_EQ(Said(All<training_v1::ReissueCertificatesResponse>("CertificateService/ReissueCertificates", request)),
            "INVALID_ARGUMENT INVALID_REQUEST reason:FIELD_REQUIRED");
  request.set_reason("訂正");
  EXPECT_EQ(reissue().size(), 0u) << "they say what they should";
  training_v1::UpdateLearnerRequest name;
  name.mutable_learner()->set_name(learners[0]);
  name.mutable_learner()->set_display_name("改姓 一子");
  name.mutable_update_mask()->add_paths("display_name");
  ASSERT_EQ(Said(Ask<training_v1::Learner>("LearnerService/UpdateLearner", name)), "OK");
  ASSERT_EQ(reissue().size(), 1u);
  EXPECT_EQ(reissue().size(), 0u);
  training_v1::UpdateCourseRequest issuer;
  issuer.mutable_course()->set_name(course_);
  issuer.mutable_course()->set_issuer("別の知事");
  issuer.mutable_update_mask()->add_paths("issuer");
  ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", issuer)), "OK");
  request.set_validate_only(true);
  for (const auto& one : reissue()) EXPECT_EQ(one.successor(), "");
  request.set_validate_only(false);
  const auto corrected = reissue();
  ASSERT_EQ(corrected.size(), 2u);
  for (const auto& one : corrected) {
    training_v1::GetCertificateRequest get;
    get.set_name(one.certificate());
    const auto before = Ask<training_v1::Certificate>("CertificateService/GetCertificate", get);
    EXPECT_EQ(before->state(), training_v1::Certificate::STATE_SUPERSEDED);
    EXPECT_EQ(before->successor(), one.successor());
    get.set_name(one.successor());
    const auto after = Ask<training_v1::Certificate>("CertificateService/GetCertificate", get);
    EXPECT_EQ(training::ReadBadge(after->token())->issuer, "別の知事");
  }
  ASSERT_EQ(Said(Rotate()), "OK");
  EXPECT_EQ(reissue().size(), 0u) << "what the key before signed holds";
  ASSERT_EQ(Retire("signingKeys/1"), "OK");
  ASSERT_EQ(reissue().size(), 2u);
  EXPECT_EQ(reissue().size(), 0u);
  training_v1::RevokeCertificatesRequest revoke;
  revoke.set_course(course_);
  revoke.set_reason("研修の無効");
  for (const size_t held : {size_t{2}, size_t{0}}) {
    const auto revoked = All<training_v1::RevokeCertificatesResponse>("CertificateService/RevokeCertificates", revoke);
    ASSERT_EQ(Said(revoked), "OK");
    EXPECT_EQ(revoked->size(), held);
  }
  training_v1::ListCertificatesRequest list;
  list.set_filter(absl::StrCat("course = \"", course_, "\""));
  EXPECT_EQ(
      Ask<training_v1::ListCertificatesResponse>("CertificateService/ListCertificates", list)->certificates_size(), 7);
  list.set_filter("state = STATE_ISSUED");
  EXPECT_EQ(
      Ask<training_v1::ListCertificatesResponse>("CertificateService/ListCertificates", list)->certificates_size(), 0);
}

TEST_P(TrainingPaperTest, IssuingForAllDoesNotUndoARevocation) {
  const training_v1::Certificate certificate = Certified("見本 花子");
  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(certificate.name());
  revoke.set_reason("判定の誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  training_v1::IssueCertificatesRequest issue;
  issue.set_course(course_);
  const auto issued = All<training_v1::IssueCertificatesResponse>("CertificateService/IssueCertificates", issue);
  ASSERT_EQ(Said(issued), "OK");
  ASSERT_EQ(issued->size(), 1u);
  EXPECT_EQ(issued->at(0).certificate(), "");
  EXPECT_EQ(issued->at(0).refusals(0).reason(), "CERTIFICATE_WAS_REVOKED");
}

TEST_P(TrainingPaperTest, ASheetToSignHoldsWhoIsAccepted) {
  Enroll(course_, MakeLearner("髙橋 花子"));
  training_v1::MakeSignInSheetRequest request;
  request.set_session(sessions_[0].name());
  const auto sheet = Ask<training_v1::SignInSheet>("SignInSheetService/MakeSignInSheet", request);
  ASSERT_EQ(Said(sheet), "OK");
  EXPECT_EQ(sheet->learner_count(), 1);
  EXPECT_THAT(Printed("pdftotext " + Write("s.pdf", sheet->data()) + " -"), HasSubstr("髙橋 花子"));
  request.set_format(training_v1::MakeSignInSheetRequest::FORMAT_XLSX);
  EXPECT_EQ(Ask<training_v1::SignInSheet>("SignInSheetService/MakeSignInSheet", request)->data().substr(0, 4),
            "PK\x03\x04");
  EXPECT_EQ(Said(admin().Call<training_v1::SignInSheet>("training.v1.SignInSheetService/MakeSignInSheet", request)),
            "INVALID_ARGUMENT PURPOSE_REQUIRED");
  training_v1::CreateSessionRequest on_demand;
  on_demand.set_parent(course_);
  *on_demand.mutable_session()->mutable_held_date() = Day("2050-03-25");
  on_demand.mutable_session()->set_mode(training_v1::Session::MODE_ON_DEMAND);
  auto& lesson = *on_demand.mutable_session()->add_lessons();
  lesson.set_subject("1");
  lesson.set_minutes(60);
  const auto viewed = Ask<training_v1::Session>("SessionService/CreateSession", on_demand);
  ASSERT_EQ(Said(viewed), "OK");
  request.set_session(viewed->name());
  EXPECT_EQ(Said(Ask<training_v1::SignInSheet>("SignInSheetService/MakeSignInSheet", request)),
            "INVALID_ARGUMENT INVALID_REQUEST session:SESSION_ON_DEMAND");
}

TEST_P(TrainingPaperTest, KeysChangeAndWhatTheySignedHoldsUntilOneIsRetired) {
  using testing::ElementsAre;
  const training_v1::Certificate first = Certified("見本 一子");
  ASSERT_EQ(Said(Rotate()), "OK");
  const training_v1::Certificate second = Certified("見本 二子");
  EXPECT_THAT(Verdicts(first.token()), ElementsAre(Response::VERDICT_VALID, Response::VERDICT_VALID));
  EXPECT_THAT(Verdicts(second.token()), ElementsAre(Response::VERDICT_VALID, Response::VERDICT_VALID));
  EXPECT_EQ(Retire("signingKeys/2"), "FAILED_PRECONDITION SIGNING_KEY_IN_USE");
  EXPECT_EQ(Retire("signingKeys/1"), "OK");
  EXPECT_EQ(Retire("signingKeys/1"), "FAILED_PRECONDITION SIGNING_KEY_RETIRED");
  EXPECT_THAT(Verdicts(first.token()), ElementsAre(Response::VERDICT_RETIRED_KEY, Response::VERDICT_RETIRED_KEY));
  EXPECT_THAT(Verdicts(second.token()), ElementsAre(Response::VERDICT_VALID, Response::VERDICT_VALID));
  training_v1::ReissueCertificateRequest reissue;
  reissue.set_name(first.name());
  reissue.set_reason("鍵の失効");
  const auto again = Ask<training_v1::Certificate>("CertificateService/ReissueCertificate", reissue);
  ASSERT_EQ(Said(again), "OK");
  EXPECT_THAT(Verdicts(again->token()), ElementsAre(Response::VERDICT_VALID, Response::VERDICT_VALID));
  // Told apart from what was cut off or changed.
  EXPECT_THAT(Verdicts(second.token().substr(0, 300))[0], Response::VERDICT_CUT_OFF);
  std::string forged = second.token();
  forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
  EXPECT_THAT(Verdicts(forged)[0], Response::VERDICT_FORGED);
  server().Restart();
  EXPECT_THAT(Verdicts(second.token()), ElementsAre(Response::VERDICT_VALID, Response::VERDICT_VALID));
  EXPECT_EQ(Said(CallerWith("officer", {"prefecture-officer@*"}, "training")
                     .Call<training_v1::SigningKey>("training.v1.SigningKeyService/RotateSigningKey",
                                                    training_v1::RotateSigningKeyRequest())),
            "PERMISSION_DENIED PERMISSION_DENIED");
}

// Numbers and places in the status list are counted in a row that nobody signs.
TEST_P(TrainingPaperTest, ACounterChangedByHandGivesNoNumberTwice) {
  std::vector<training_v1::Certificate> issued;
  for (const char* name : {"見本 一子", "見本 二子"}) issued.push_back(Certified(name));
  const auto reissue = [&] {
    training_v1::ReissueCertificateRequest request;
    request.set_name(issued.back().name());
    request.set_reason("訂正");
    const auto again = Ask<training_v1::Certificate>("CertificateService/ReissueCertificate", request);
    if (again.ok()) issued.push_back(*again);
    return Said(again);
  };
  const auto findings = [&] {
    HostConfig config = server().config();
    config.services = {"training"};
    const auto checks = VerifyJournals(config, Server::Kinds(), {{}, "", training::CertificateCounters()});
    EXPECT_EQ(Said(checks), "OK");
    std::vector<std::string> found;
    if (!checks.ok()) return found;
    for (const store::TableFinding& one : checks->front().tables.findings) {
      EXPECT_EQ(one.kind, store::TableFinding::Kind::kCounterDiffers) << one.name;
      found.push_back(one.name);
    }
    EXPECT_EQ(checks->front().good(), found.empty());
    return found;
  };
  for (int i = 0; i < 2; ++i) ASSERT_EQ(reissue(), "OK");
  EXPECT_THAT(findings(), testing::IsEmpty());
  server().Spoil();
  const struct {
    const char* name;
    const char* sql;
    const char* back;
    std::vector<std::string> findings;
  } cases[] = {
      {"places again from 0",
       "UPDATE `guards` SET `count` = 0 WHERE `kind` = 'certificates'",
       "UPDATE `guards` SET `count` = 4 WHERE `kind` = 'certificates'",
       {"certificates"}},
      {"the last place again",
       "UPDATE `guards` SET `count` = 3 WHERE `kind` = 'certificates'",
       "UPDATE `guards` SET `count` = 4 WHERE `kind` = 'certificates'",
       {"certificates"}},
      {"places left out",
       "UPDATE `guards` SET `count` = 5 WHERE `kind` = 'certificates'",
       "UPDATE `guards` SET `count` = 4 WHERE `kind` = 'certificates'",
       {"certificates"}},
      {"numbers again",
       "UPDATE `guards` SET `count` = 1 WHERE `kind` = 'certificates of year'",
       "UPDATE `guards` SET `count` = 4 WHERE `kind` = 'certificates of year'",
       {"certificates of year 2050"}},
      {"numbers left out",
       "UPDATE `guards` SET `count` = 40 WHERE `kind` = 'certificates of year'",
       "UPDATE `guards` SET `count` = 4 WHERE `kind` = 'certificates of year'",
       {"certificates of year 2050"}},
      {"no counters",
       "UPDATE `guards` SET `guard_key` = 'x' WHERE `kind` LIKE 'certificates%'",
       "UPDATE `guards` SET `guard_key` = CASE `kind` WHEN 'certificates' THEN '' ELSE '2050' END "
       "WHERE `kind` LIKE 'certificates%'",
       {"certificates of year 2050", "certificates of year x", "certificates", "certificates x"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Execute(server().database("training"), c.sql);
    EXPECT_EQ(reissue(), "DATA_LOSS CERTIFICATE_COUNTER_CHANGED");
    EXPECT_EQ(findings(), c.findings);
    Execute(server().database("training"), c.back);
  }
  EXPECT_THAT(findings(), testing::IsEmpty());
  ASSERT_EQ(reissue(), "OK");
  EXPECT_EQ(issued.back().status_index(), 4);
  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(issued.back().name());
  revoke.set_reason("取消し");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  EXPECT_THAT(Verdicts(issued[0].token()), testing::Each(Response::VERDICT_VALID));
}

TEST_P(TrainingPaperTest, ANumberThatIsNotKeptIsSaidToBeUnknown) {
  const training_v1::Certificate certificate = Certified("見本 花子");
  server().Spoil();
  Execute(server().database("training"), "DELETE FROM `certificates`");
  EXPECT_EQ(Verdicts(certificate.token())[0], Response::VERDICT_UNKNOWN_NUMBER);
}

}  // namespace
}  // namespace tsunagu::wire
