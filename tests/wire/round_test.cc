// Rounds of matching on a snapshot that the caller sends.
#include <algorithm>

#include "common/records/store.h"
#include "common/records/table_shape.h"
#include "common/service/service.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

class RoundTest : public SuiteTest {
 protected:
  // Part 0 of the only round r1, as it lies in round_parts.
  std::string Sealed(const std::string& kind, const std::string& bytes) {
    return *store().Encrypt(Context(kind), bytes);
  }
  std::string Opened(const std::string& kind) {
    const auto sealed = Column(matching(), "SELECT `bytes` FROM `round_parts` WHERE `kind` = ? AND `part` = 0",
                               {absl::string_view(kind)});
    return *store().Decrypt(Context(kind), sealed.front());
  }

 private:
  static std::string Context(const std::string& kind) { return absl::StrCat("round_parts r1 ", kind, " 0"); }
  store::Store& store() { return server().host().Find("matching")->store(); }
};
WIRE_TEST_ON_BOTH(RoundTest);

TEST_P(RoundTest, IsSolvedVerifiedAndExplained) {
  const auto draft = CreateRound(admin(), "r1", 7);
  ASSERT_EQ(Said(draft), "OK");
  EXPECT_EQ(draft->state(), matching_v1::Round::STATE_DRAFT);
  const matching_v1::Snapshot snapshot = ASnapshot(10);
  const auto solved = SolveRound(admin(), "r1", &snapshot);
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->state(), matching_v1::Round::STATE_SUCCEEDED);
  EXPECT_EQ(solved->nurse_count(), 10);
  EXPECT_EQ(solved->opening_count(), 4);
  EXPECT_EQ(solved->post_count(), 14);
  EXPECT_EQ(solved->matched_count(), 4);
  EXPECT_EQ(solved->rule_table_version(), 3);
  EXPECT_EQ(solved->left_out_count(), 0);
  EXPECT_EQ(solved->snapshot_digest().size(), 64);
  EXPECT_EQ(solved->result_digest().size(), 64);
  EXPECT_EQ(solved->solve_time().seconds(), absl::ToUnixSeconds(clock().Now()));

  const auto verdict = Verify(admin(), "r1");
  ASSERT_EQ(Said(verdict), "OK");
  EXPECT_TRUE(verdict->stable());
  EXPECT_EQ(verdict->findings_size(), 0);
  EXPECT_GT(verdict->checked_pair_count(), 0);

  const auto rows = ListAssignments(admin(), "r1");
  ASSERT_EQ(Said(rows), "OK");
  ASSERT_EQ(rows->assignments_size(), 10);
  int matched = 0;
  for (const auto& row : rows->assignments()) {
    if (!row.opening().empty()) {
      ++matched;
      EXPECT_EQ(row.unmatched_reason(), matching_v1::UNMATCHED_REASON_UNSPECIFIED) << row.DebugString();
      EXPECT_GT(row.choice(), 0);
      EXPECT_GT(row.distance_metres(), 0);
      EXPECT_FALSE(row.facility().empty());
    } else {
      EXPECT_EQ(row.unmatched_reason(), matching_v1::UNMATCHED_REASON_OUTRANKED) << row.DebugString();
    }
  }
  EXPECT_EQ(matched, 4);
}

TEST_P(RoundTest, EachWhoGotNothingIsToldWhy) {
  matching_v1::Snapshot snapshot = ASnapshot(3);
  snapshot.mutable_nurses(0)->set_home_mesh("64414277");  // 札幌: too far from everything
  snapshot.mutable_nurses(1)->set_weekly_minutes(60);
  snapshot.mutable_nurses(1)->add_skills(registry_v1::SKILL_SUCTION);
  snapshot.mutable_nurses(2)->set_licence(registry_v1::LICENCE_ASSISTANT_NURSE);
  for (auto& opening : *snapshot.mutable_openings()) opening.add_licences(registry_v1::LICENCE_NURSE);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "r1", &snapshot)), "OK");
  const auto rows = ListAssignments(admin(), "r1");
  ASSERT_EQ(rows->assignments_size(), 3);
  const matching_v1::Blocker blockers[] = {matching_v1::BLOCKER_DISTANCE, matching_v1::BLOCKER_HOURS,
                                           matching_v1::BLOCKER_EMPLOYER_RULE};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rows->assignments(i).unmatched_reason(), matching_v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING) << i;
    EXPECT_EQ(rows->assignments(i).main_blocker(), blockers[i]) << rows->assignments(i).DebugString();
    EXPECT_EQ(rows->assignments(i).considered_opening_count(), 4);
  }
  snapshot.clear_openings();
  ASSERT_EQ(Said(CreateRound(admin(), "r2", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "r2", &snapshot)), "OK");
  EXPECT_EQ(ListAssignments(admin(), "r2")->assignments(0).unmatched_reason(),
            matching_v1::UNMATCHED_REASON_NO_OPENINGS);
}

TEST_P(RoundTest, InOneCityEverybodyIsPlaced) {
  matching_v1::Snapshot snapshot = ASnapshot(300);
  const matching_v1::SnapshotOpening one = snapshot.openings(0);
  snapshot.clear_openings();
  for (int i = 0; i < 300; ++i) {
    auto& opening = *snapshot.add_openings() = one;
    opening.set_name(absl::StrCat("openings/o", 1000 + i));
    opening.set_facility(absl::StrCat("facilities/f", i));
    opening.set_posts(1);
    opening.set_longitude_e6(one.longitude_e6() + i);
  }
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  const auto solved = SolveRound(admin(), "r1", &snapshot);
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->matched_count(), 300);
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
}

TEST_P(RoundTest, AMidwifeMayDoANursesWorkUnlessTheEmployerSaysNo) {
  matching_v1::Snapshot snapshot = ASnapshot(2);
  snapshot.mutable_nurses(0)->set_licence(registry_v1::LICENCE_MIDWIFE);
  snapshot.mutable_nurses(1)->set_licence(registry_v1::LICENCE_PUBLIC_HEALTH_NURSE);
  for (auto& opening : *snapshot.mutable_openings()) opening.add_licences(registry_v1::LICENCE_NURSE);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  EXPECT_EQ(SolveRound(admin(), "r1", &snapshot)->matched_count(), 2);
  for (auto& opening : *snapshot.mutable_openings()) opening.set_named_licences_only(true);
  ASSERT_EQ(Said(CreateRound(admin(), "r2", 7)), "OK");
  EXPECT_EQ(SolveRound(admin(), "r2", &snapshot)->matched_count(), 0);
  const auto rows = ListAssignments(admin(), "r2");
  ASSERT_EQ(rows->assignments_size(), 2);
  for (const auto& row : rows->assignments()) {
    EXPECT_EQ(row.main_blocker(), matching_v1::BLOCKER_EMPLOYER_RULE);
    EXPECT_EQ(row.blocked_opening_count(), 4);
  }
}

// The caller's list of what was left out is stored with the round, and its digest covers it.
TEST_P(RoundTest, SaysPageByPageWhatWasLeftOut) {
  matching_v1::Snapshot snapshot = ASnapshot(3);
  for (int i = 0; i < 1200; ++i) {
    auto& row = *snapshot.add_left_out();
    row.set_name(absl::StrCat("openings/x", 9199 - i));
    row.set_reason(matching_v1::LEFT_OUT_REASON_FACILITY_WITHOUT_POSITION);
    row.set_facility("facilities/x");
  }
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  EXPECT_EQ(Said(ListLeftOut(admin(), "r1")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  const auto solved = SolveRound(admin(), "r1", &snapshot);
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->left_out_count(), 1200);
  std::string token;
  std::vector<std::string> names;
  do {
    const auto page = ListLeftOut(admin(), "r1", 350, token);
    ASSERT_EQ(Said(page), "OK");
    for (const auto& row : page->left_out()) names.push_back(row.name());
    token = page->next_page_token();
  } while (!token.empty());
  ASSERT_EQ(names.size(), 1200);
  for (int i = 0; i < 1200; ++i) ASSERT_EQ(names[i], absl::StrCat("openings/x", 8000 + i));
  int parts = 0;
  EXPECT_EQ(ReadSnapshot(admin(), "r1", parts)->left_out_size(), 1200);
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
  *snapshot.add_left_out() = snapshot.left_out(0);
  ASSERT_EQ(Said(CreateRound(admin(), "r2", 7)), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "r2", &snapshot)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.left_out:DUPLICATE_PARTICIPANT");
}

TEST_P(RoundTest, IsSolvedOnce) {
  const matching_v1::Snapshot snapshot = ASnapshot(10);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  EXPECT_EQ(Said(Verify(admin(), "r1")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  EXPECT_EQ(Said(ListAssignments(admin(), "r1")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  const auto solved = SolveRound(admin(), "r1", &snapshot, "s1");
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(Said(StartSolving(admin(), "r1", &snapshot)), "FAILED_PRECONDITION ROUND_NOT_DRAFT");
  const auto again = SolveRound(admin(), "r1", &snapshot, "s1");
  ASSERT_EQ(Said(again), "OK");
  EXPECT_EQ(again->DebugString(), solved->DebugString());
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `operations`"), 1);
  EXPECT_EQ(Said(StartSolving(admin(), "r1", nullptr, "s1")),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
  EXPECT_EQ(Said(SolveRound(admin(), "absent", &snapshot)), "NOT_FOUND ROUND_NOT_FOUND");
}

TEST_P(RoundTest, AnOperationIsItsCallersOwn) {
  const matching_v1::Snapshot snapshot = ASnapshot(3);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  const auto started = StartSolving(admin(), "r1", &snapshot);
  ASSERT_EQ(Said(started), "OK");
  const Caller other = CallerWith("other", {"admin@*"}, "matching");
  auto get = [](const Caller& caller, const std::string& name) {
    platform_v1::GetOperationRequest request;
    request.set_name(name);
    return Said(caller.Call<google::longrunning::Operation>("platform.v1.OperationService/GetOperation", request));
  };
  EXPECT_EQ(get(admin(), started->name()), "OK");
  EXPECT_EQ(get(other, started->name()), "NOT_FOUND OPERATION_NOT_FOUND");
  EXPECT_EQ(get(admin(), "services/matching/operations/absent"), "NOT_FOUND OPERATION_NOT_FOUND");
  EXPECT_EQ(get(admin(), "services/matching/operations/計算"), "NOT_FOUND OPERATION_NOT_FOUND");
}

TEST_P(RoundTest, TheOrderOfTheRowsDoesNotMatterTheSeedDoes) {
  matching_v1::Snapshot snapshot = ASnapshot(40), turned = snapshot;
  std::reverse(turned.mutable_nurses()->pointer_begin(), turned.mutable_nurses()->pointer_end());
  std::reverse(turned.mutable_openings()->pointer_begin(), turned.mutable_openings()->pointer_end());
  auto digest = [&](const char* id, int64_t seed, const matching_v1::Snapshot& rows) {
    EXPECT_EQ(Said(CreateRound(admin(), id, seed)), "OK");
    return SolveRound(admin(), id, &rows)->result_digest();
  };
  const std::string first = digest("r1", 7, snapshot);
  EXPECT_EQ(digest("r2", 7, turned), first);
  EXPECT_NE(digest("r3", 8, snapshot), first);
}

TEST_P(RoundTest, ASnapshotThatDoesNotHangTogetherIsRefused) {
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  matching_v1::Snapshot twice = ASnapshot(3);
  *twice.add_nurses() = twice.nurses(1);
  *twice.add_openings() = twice.openings(0);
  EXPECT_EQ(Said(SolveRound(admin(), "r1", &twice)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.nurses:DUPLICATE_PARTICIPANT "
            "snapshot.openings:DUPLICATE_PARTICIPANT");
  matching_v1::Snapshot broken = ASnapshot(2);
  broken.mutable_nurses(0)->set_home_mesh("5334119");
  broken.mutable_nurses(1)->clear_name();
  broken.mutable_openings(0)->set_posts(0);
  EXPECT_EQ(Said(SolveRound(admin(), "r1", &broken)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.nurses[0].home_mesh:MALFORMED_MESH_CODE "
            "snapshot.nurses[1].name:FIELD_REQUIRED snapshot.openings[0].posts:OUT_OF_RANGE");
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `round_parts`"), 0);
}

TEST_P(RoundTest, EachRowThatIsSentIsLookedAt) {
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  matching_v1::Snapshot rows = ASnapshot(3);
  auto& first = *rows.mutable_nurses(0);
  first.set_name("見本 花子");
  first.clear_wishes();
  for (const char* wish : {"facilities/a", "facilities/b", "facilities/a", "あかね"}) first.add_wishes(wish);
  auto& second = *rows.mutable_nurses(1);
  second.set_min_weekly_minutes(1201);
  second.add_school_half_days(registry_v1::HALF_DAY_MON_AM);
  second.add_school_half_days(registry_v1::HALF_DAY_MON_AM);
  auto& opening = *rows.mutable_openings(2);
  opening.set_facility("c");
  opening.set_max_weekly_minutes(600);
  opening.add_holiday_half_days(registry_v1::HALF_DAY_TUE_PM);
  opening.add_holiday_half_days(registry_v1::HALF_DAY_TUE_PM);
  const std::string said = Said(SolveRound(admin(), "r1", &rows));
  EXPECT_EQ(said,
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.nurses[0].name:MALFORMED_NAME "
            "snapshot.nurses[0].wishes[2]:WISH_REPEATED snapshot.nurses[0].wishes[3]:MALFORMED_NAME "
            "snapshot.nurses[1].school_half_days[1]:HALF_DAY_REPEATED "
            "snapshot.nurses[1].weekly_minutes:WEEKLY_MINUTES_CONTRADICT "
            "snapshot.openings[2].facility:MALFORMED_NAME snapshot.openings[2].holiday_half_days[1]:HALF_DAY_REPEATED "
            "snapshot.openings[2].max_weekly_minutes:WEEKLY_MINUTES_CONTRADICT");
  rows = ASnapshot(3);
  rows.mutable_nurses(0)->add_school_half_days(registry_v1::HALF_DAY_UNSPECIFIED);
  rows.mutable_openings(0)->add_school_half_days(registry_v1::HALF_DAY_UNSPECIFIED);
  EXPECT_EQ(Said(SolveRound(admin(), "r1", &rows)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.nurses[0].school_half_days[0]:FIELD_REQUIRED "
            "snapshot.openings[0].school_half_days[0]:FIELD_REQUIRED");
}

// A participant is either in the round or left out, and counts once.
TEST_P(RoundTest, NobodyTakesPartAndIsLeftOut) {
  matching_v1::Snapshot snapshot = ASnapshot(3);
  for (const std::string& name : {snapshot.nurses(1).name(), snapshot.openings(0).name()}) {
    auto& row = *snapshot.add_left_out();
    row.set_name(name);
    row.set_reason(matching_v1::LEFT_OUT_REASON_REFUSED);
  }
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "r1", &snapshot)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.left_out[0].name:DUPLICATE_PARTICIPANT "
            "snapshot.left_out[1].name:DUPLICATE_PARTICIPANT");
}

TEST_P(RoundTest, ItsDayIsOfThisMillennium) {
  matching_v1::CreateRoundRequest request;
  request.mutable_round()->set_display_name("試験");
  const auto create = [&](int year) {
    request.mutable_round()->mutable_as_of_date()->set_year(year);
    request.mutable_round()->mutable_as_of_date()->set_month(1);
    request.mutable_round()->mutable_as_of_date()->set_day(1);
    return Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request));
  };
  EXPECT_EQ(create(1), "INVALID_ARGUMENT INVALID_REQUEST round.as_of_date:OUT_OF_RANGE");
  EXPECT_EQ(create(9999), "INVALID_ARGUMENT INVALID_REQUEST round.as_of_date:OUT_OF_RANGE");
  EXPECT_EQ(create(2051), "OK");
}

TEST_P(RoundTest, AssignmentsArePagedAndFoundByNurse) {
  const matching_v1::Snapshot snapshot = ASnapshot(1203);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "r1", &snapshot)), "OK");
  std::vector<std::string> names;
  std::string token;
  do {
    const auto page = ListAssignments(admin(), "r1", "", 333, token);
    ASSERT_EQ(Said(page), "OK");
    for (const auto& row : page->assignments()) names.push_back(row.nurse());
    token = page->next_page_token();
  } while (!token.empty());
  ASSERT_EQ(names.size(), 1203);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const char* nurse : {"nurses/n1000", "nurses/n1499", "nurses/n1500", "nurses/n2202"}) {
    const auto one = ListAssignments(admin(), "r1", nurse);
    ASSERT_EQ(Said(one), "OK");
    ASSERT_EQ(one->assignments_size(), 1) << nurse;
    EXPECT_EQ(one->assignments(0).nurse(), nurse);
  }
  for (const char* nobody : {"nurses/a", "nurses/z", "nurses/n1000x", "看護師"}) {
    const auto none = ListAssignments(admin(), "r1", nobody);
    ASSERT_EQ(Said(none), "OK") << nobody;
    EXPECT_EQ(none->assignments_size(), 0) << nobody;
  }
  int parts = 0;
  const auto read = ReadSnapshot(admin(), "r1", parts);
  ASSERT_EQ(Said(read), "OK");
  EXPECT_EQ(read->nurses_size(), 1203);
  EXPECT_EQ(read->openings_size(), 4);
  EXPECT_GT(parts, 2);
}

TEST_P(RoundTest, AStoredResultThatWasTamperedWithIsFound) {
  const matching_v1::Snapshot snapshot = ASnapshot(10);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "r1", &snapshot)), "OK");
  auto kinds = [&] {
    const auto verdict = Verify(admin(), "r1");
    EXPECT_EQ(Said(verdict), "OK");
    std::vector<std::string> found;
    if (verdict.ok()) {
      EXPECT_EQ(verdict->stable(), verdict->findings_size() == 0);
      for (const auto& finding : verdict->findings()) found.push_back(finding.kind());
    }
    return found;
  };
  auto replace = [&](const std::string& kind, const std::string& bytes) {
    Execute(matching(), "UPDATE `round_parts` SET `bytes` = ? WHERE `kind` = ? AND `part` = 0",
            {store::Blob{Sealed(kind, bytes)}, absl::string_view(kind)});
  };
  const std::string result = Opened("result");
  matching_v1::ListAssignmentsResponse rows;
  ASSERT_TRUE(rows.ParseFromString(result));
  auto got = std::find_if(rows.mutable_assignments()->begin(), rows.mutable_assignments()->end(),
                          [](const auto& row) { return row.opening() == "openings/a"; });
  ASSERT_NE(got, rows.mutable_assignments()->end());
  got->clear_opening();
  replace("result", rows.SerializeAsString());
  EXPECT_THAT(kinds(),
              testing::AllOf(testing::Contains("DIGEST_DIFFERS"), testing::Contains(testing::Ne("DIGEST_DIFFERS"))))
      << "also what it means is found";
  got->set_opening("openings/d");
  replace("result", rows.SerializeAsString());
  EXPECT_THAT(kinds(), testing::IsSupersetOf({"DIGEST_DIFFERS", "NOT_ELIGIBLE"}));
  replace("result", result);
  EXPECT_THAT(kinds(), testing::IsEmpty());

  const std::string first = Opened("snapshot");
  matching_v1::Snapshot part;
  ASSERT_TRUE(part.ParseFromString(first));
  part.mutable_nurses(9)->set_commute_limit_metres(9'999);
  replace("snapshot", part.SerializeAsString());
  EXPECT_THAT(kinds(), testing::Contains("DIGEST_DIFFERS"));
  replace("snapshot", first);
  Execute(matching(), "DELETE FROM `round_parts` WHERE `kind` = 'result'");
  EXPECT_THAT(kinds(), testing::Contains("DIGEST_DIFFERS"));
}

// Half a megabyte may say what takes gigabytes to solve.
TEST_P(RoundTest, ARoundIsWeighedBeforeItIsSolved) {
  matching_v1::Snapshot snapshot = ASnapshot(1);
  for (int i = 0; i < 5'000; ++i) {
    auto& opening = *snapshot.add_openings();
    opening = snapshot.openings(0);
    opening.set_name(absl::StrCat("openings/many-", i));
    auto& nurse = *snapshot.add_nurses();
    nurse = snapshot.nurses(0);
    nurse.set_name(absl::StrCat("nurses/many-", i));
    nurse.clear_wishes();
    nurse.add_wishes("facilities/a");
  }
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  EXPECT_EQ(Said(SolveRound(reader(), "r1", &snapshot)), "FAILED_PRECONDITION ROUND_TOO_LARGE");
  snapshot.mutable_nurses()->DeleteSubrange(100, snapshot.nurses_size() - 100);
  EXPECT_EQ(Said(SolveRound(reader(), "r1", &snapshot)), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
