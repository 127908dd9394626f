#include "services/training/sign_in_sheet.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "common/service/sight.h"
#include "services/training/names.h"
#include "services/training/paper/sign_in_page.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/sign_in_sheet.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using Request = v1::MakeSignInSheetRequest;

struct Read {
  v1::Course course;
  v1::Session session;
  std::vector<v1::Enrollment> enrollments;
  std::vector<v1::Learner> learners;  // of each of them
};

absl::StatusOr<Read> ReadAll(Service& service, const rpc::Call& call, const Request& request) {
  Read read;
  identity::Actor actor = ActorOf(call);
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    const std::string course = CourseOf(request.session());
    ASSIGN_OR_RETURN(read.session, store::Records<v1::Session>::All(view).Get(request.session()));
    ASSIGN_OR_RETURN(read.course, store::Records<v1::Course>::All(view).Get(course));
    read.enrollments.clear();
    return store::Records<v1::Enrollment>(view).ForEach(
        Where::Under(course) && Where("state", v1::Enrollment::STATE_ACCEPTED), [&](v1::Enrollment& enrollment) {
          read.enrollments.push_back(std::move(enrollment));
          return absl::OkStatus();
        });
  }));
  actor.scope = call.principal.ScopeFor("learners.identity");
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    read.learners.clear();
    for (const v1::Enrollment& enrollment : read.enrollments) {
      auto learner = store::Records<v1::Learner>(view).Get(enrollment.learner());
      if (absl::IsNotFound(learner.status())) learner = v1::Learner();  // out of the caller's scope
      RETURN_IF_ERROR(learner.status());
      read.learners.push_back(*std::move(learner));
    }
    return absl::OkStatus();
  }));
  return read;
}

absl::StatusOr<v1::SignInSheet> Make(Service& service, const rpc::Call& call, const Request& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  if (!call.principal.May("learners.identity")) {
    return Fail("PERMISSION_DENIED"_reason, {{"permission", "learners.identity"}});
  }
  ASSIGN_OR_RETURN(Read read, ReadAll(service, call, request));
  if (read.session.mode() == v1::Session::MODE_ON_DEMAND) return FailAt("session", "SESSION_ON_DEMAND"_reason);
  Sight sight(call, service.store());
  std::vector<Expected> expected;
  std::vector<std::string> visible;
  for (size_t i = 0; i < read.enrollments.size(); ++i) {
    v1::Learner& learner = read.learners[i];
    if (learner.name().empty()) continue;
    ASSIGN_OR_RETURN(const std::vector<std::string> seen, sight.Hide(learner));
    if (learner.display_name().empty()) continue;
    visible.insert(visible.end(), seen.begin(), seen.end());
    expected.push_back(
        {read.enrollments[i].name(), learner.display_name(), BodyText(read.enrollments[i].nominating_body())});
  }
  if (expected.empty()) return Fail("NOBODY_ACCEPTED"_reason);
  v1::SignInSheet sheet;
  ASSIGN_OR_RETURN(*sheet.mutable_data(), request.format() == Request::FORMAT_XLSX
                                              ? SignInWorkbook(read.session, expected)
                                              : SignInPdf(read.course, read.session, expected, call.deadline));
  sheet.set_learner_count(static_cast<int32_t>(expected.size()));
  RETURN_IF_ERROR(service.LogAccess(call, visible));
  return sheet;
}

}  // namespace

void AddSignInSheets(Service& service) {
  rpc::Binder(service.module(), "tsunagu.training.v1.SignInSheetService")
      .Unary("MakeSignInSheet", [&](rpc::Call& call, const Request& request) { return Make(service, call, request); });
}

}  // namespace tsunagu::training
