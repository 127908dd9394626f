#include "services/matching/rules/legal_basis.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::matching::rules {
namespace {

template <typename M>
M Read(const std::string& text) {
  M record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &record)) << text;
  return record;
}

std::string Found(const Faults& faults) {
  std::string words;
  for (const auto& fault : faults.all()) {
    absl::StrAppend(&words, words.empty() ? "" : " ", fault.field(), ":", std::string(ReasonWord(fault)));
  }
  return words;
}

const char kPrefecture[] = "areas/310000", kContractor[] = "9999999999999", kOther[] = "8888888888888";
const char kNotice[] =
    "name: 'legalBases/p' operator_code: 'areas/310000' kind: BASIS_KIND_NOTICE number: '1' opening_kinds: "
    "OPENING_KIND_EMPLOYMENT valid_from_date { year: 2050 month: 4 day: 1 } valid_to_date { year: 2051 month: 3 day: "
    "31 } "
    "licences: LICENCE_NURSE licences: LICENCE_ASSISTANT_NURSE refusal_grounds { code: 'unlawful' text: '法令違反' } ";
const char kCommission[] =
    "operator_code: '9999999999999' kind: BASIS_KIND_COMMISSION number: '2' own_basis: 'legalBases/own' opening_kinds: "
    "OPENING_KIND_EMPLOYMENT ";
const char kLicence[] = "operator_code: '9999999999999' kind: BASIS_KIND_LICENCE number: '3' ";

TEST(CheckLegalBasis, IsProvedAndStandsInItsOwnName) {
  struct Case {
    const char* name;
    std::string basis;
    std::string own;
    const char* found;
  };
  const Case cases[] = {
      {"a notice", kNotice, "", ""},
      {"by its day", "operator_code: 'areas/310000' kind: BASIS_KIND_NOTICE notice_date { year: 2050 month: 4 day: 1 }",
       "", ""},
      {"unproved", "operator_code: 'areas/310000' kind: BASIS_KIND_NOTICE", "", "number:BASIS_NOT_EVIDENCED"},
      {"in its own name", absl::StrCat(kNotice, "issued_to: 'areas/310000'"), "", ""},
      {"in the name of another", absl::StrCat(kNotice, "issued_to: 'areas/320005'"), "", "issued_to:NAME_LENT"},
      {"a notice of a company", "operator_code: '9999999999999' kind: BASIS_KIND_NOTICE number: '1'", "",
       "operator_code:NOTICE_OF_NO_BODY"},
      {"a notice of a code that is none", "operator_code: 'areas/310001' kind: BASIS_KIND_NOTICE number: '1'", "",
       "operator_code:NOTICE_OF_NO_BODY"},
      {"a licence", kLicence, "", ""},
      {"a licence that rests on another", absl::StrCat(kLicence, "own_basis: 'legalBases/own'"), kLicence,
       "own_basis:OWN_BASIS_UNWANTED"},
      {"a commission", kCommission, kLicence, ""},
      {"a commission of who has nothing", "operator_code: '9999999999999' kind: BASIS_KIND_COMMISSION number: '2'", "",
       "own_basis:OWN_BASIS_MISSING"},
      {"a commission on the basis of who commissions", kCommission, kNotice, "own_basis:NAME_LENT"},
      {"a commission on a commission", kCommission, kCommission, "own_basis:OWN_BASIS_MISSING"},
      {"a basis that is not there, which the contract says", kCommission, "", ""},
      {"a ground twice", absl::StrCat(kNotice, "refusal_grounds { code: 'unlawful' text: '同じ' }"), "",
       "refusal_grounds[1].code:GROUND_REPEATED"},
      {"all at once", "operator_code: 'x' kind: BASIS_KIND_NOTICE issued_to: 'y' own_basis: 'legalBases/own'", "",
       "number:BASIS_NOT_EVIDENCED issued_to:NAME_LENT operator_code:NOTICE_OF_NO_BODY own_basis:OWN_BASIS_UNWANTED"},
  };
  for (const Case& c : cases) {
    const auto own = Read<v1::LegalBasis>(c.own);
    Faults faults;
    CheckLegalBasis(Read<v1::LegalBasis>(c.basis), c.own.empty() ? nullptr : &own, faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
  }
}

TEST(MayMediate, OnlyByABasisOfOnesOwnThatHoldsAndCovers) {
  const std::string nurse = "licences: LICENCE_NURSE ";
  const std::string own_ended = absl::StrCat(kLicence, "valid_to_date { year: 2050 month: 4 day: 2 }");
  struct Case {
    const char* name;
    std::string basis, own;
    const char* operator_code;
    std::string opening;
    bool in_area;
    jp::CivilDay day;
    const char* found;
  };
  const jp::CivilDay day(2050, 4, 3);
  const Case cases[] = {
      {"no such basis", "", "", kPrefecture, nurse, true, day, "legal_basis:NO_LEGAL_BASIS"},
      {"P6: inside the scope", kNotice, "", kPrefecture, nurse, true, day, ""},
      {"P4: an employer's 看護師のみ lies in it all the same", kNotice, "", kPrefecture, nurse, true, day, ""},
      {"P5: hours and days say nothing about it", kNotice, "", kPrefecture,
       nurse + "kind: OPENING_KIND_EMPLOYMENT school_half_days: HALF_DAY_MON_AM", true, day, ""},
      {"its first day", kNotice, "", kPrefecture, nurse, true, jp::CivilDay(2050, 4, 1), ""},
      {"its last day", kNotice, "", kPrefecture, nurse, true, jp::CivilDay(2051, 3, 31), ""},
      {"the day before", kNotice, "", kPrefecture, nurse, true, jp::CivilDay(2050, 3, 31),
       "legal_basis:BASIS_NOT_VALID"},
      {"the day after", kNotice, "", kPrefecture, nurse, true, jp::CivilDay(2051, 4, 1), "legal_basis:BASIS_NOT_VALID"},
      {"of another", kNotice, "", kContractor, nurse, true, day, "legal_basis:NAME_LENT"},
      {"in the name of another", absl::StrCat(kNotice, "issued_to: 'areas/320005'"), "", kPrefecture, nurse, true, day,
       "legal_basis:NAME_LENT"},
      {"elsewhere", kNotice, "", kPrefecture, nurse, false, day, "legal_basis:OUTSIDE_BASIS"},
      {"another occupation", kNotice, "", kPrefecture, "licences: LICENCE_MIDWIFE", true, day,
       "legal_basis:OUTSIDE_BASIS"},
      {"one of several occupations", kNotice, "", kPrefecture, "licences: LICENCE_MIDWIFE licences: LICENCE_NURSE",
       true, day, ""},
      {"any occupation", kNotice, "", kPrefecture, "", true, day, ""},
      {"a visit", kNotice, "", kPrefecture, "kind: OPENING_KIND_VISIT", true, day, "legal_basis:OUTSIDE_BASIS"},
      {"a dispatch, though it is listed", absl::StrCat(kNotice, "opening_kinds: OPENING_KIND_DISPATCH"), "",
       kPrefecture, "kind: OPENING_KIND_DISPATCH", true, day, "legal_basis:OUTSIDE_BASIS"},
      {"a commission", kCommission, kLicence, kContractor, nurse, true, day, ""},
      {"a commission of nobody's own", kCommission, "", kContractor, nurse, true, day, "legal_basis:OWN_BASIS_MISSING"},
      {"a commission whose own basis has ended", kCommission, own_ended, kContractor, nurse, true, day,
       "legal_basis:BASIS_NOT_VALID"},
      {"a commission used by another", kCommission, kLicence, kOther, nurse, true, day, "legal_basis:NAME_LENT"},
      {"a refused opening", kNotice, "", kPrefecture, "state: OPENING_STATE_REFUSED", true, day,
       "opening:OPENING_REFUSED"},
      {"all at once", kNotice, "", kOther, "kind: OPENING_KIND_VISIT state: OPENING_STATE_REFUSED", false,
       jp::CivilDay(2052, 1, 1),
       "legal_basis:NAME_LENT legal_basis:BASIS_NOT_VALID legal_basis:OUTSIDE_BASIS legal_basis:OUTSIDE_BASIS "
       "opening:OPENING_REFUSED"},
  };
  for (const Case& c : cases) {
    const auto basis = Read<v1::LegalBasis>(c.basis), own = Read<v1::LegalBasis>(c.own);
    Claim claim{c.operator_code, c.basis.empty() ? nullptr : &basis, c.own.empty() ? nullptr : &own, c.in_area};
    Faults faults;
    MayMediate(claim, Read<v1::Opening>(c.opening), c.day, faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
  }
}

TEST(MayMediateFor, TheBasisCoversTheOccupationInWhichSheWouldWork) {
  using registry::v1::Licence;
  constexpr auto kNurse = registry::v1::LICENCE_NURSE, kAssistant = registry::v1::LICENCE_ASSISTANT_NURSE,
                 kMidwife = registry::v1::LICENCE_MIDWIFE, kHealth = registry::v1::LICENCE_PUBLIC_HEALTH_NURSE;
  struct Case {
    const char* name;
    const char* covered;
    const char* accepted;
    Licence hers;
    const char* found;
  };
  const Case cases[] = {
      {"准看護師 only, and she is one", "licences: LICENCE_ASSISTANT_NURSE", "", kAssistant, ""},
      {"准看護師 only, and she is a 看護師", "licences: LICENCE_ASSISTANT_NURSE", "", kNurse,
       "nurse:NURSE_OUTSIDE_BASIS"},
      {"the opening takes both", "licences: LICENCE_ASSISTANT_NURSE",
       "licences: LICENCE_NURSE licences: LICENCE_ASSISTANT_NURSE", kNurse, "nurse:NURSE_OUTSIDE_BASIS"},
      {"every occupation", "", "", kNurse, ""},
      {"a 保健師 works as a 看護師", "licences: LICENCE_NURSE", "licences: LICENCE_NURSE", kHealth, ""},
      {"wherever anybody may work", "licences: LICENCE_NURSE", "", kMidwife, ""},
      {"or as a 看護師 where 助産師 may too", "licences: LICENCE_NURSE",
       "licences: LICENCE_MIDWIFE licences: LICENCE_NURSE", kMidwife, ""},
      {"but not where licences count as they are named", "licences: LICENCE_NURSE",
       "named_licences_only: true licences: LICENCE_MIDWIFE licences: LICENCE_NURSE", kMidwife,
       "nurse:NURSE_OUTSIDE_BASIS"},
      {"the basis covers 助産師, the post is for 看護師", "licences: LICENCE_MIDWIFE licences: LICENCE_ASSISTANT_NURSE",
       "licences: LICENCE_NURSE licences: LICENCE_ASSISTANT_NURSE", kMidwife, "nurse:NURSE_OUTSIDE_BASIS"},
      {"the opening does not take her", "licences: LICENCE_NURSE licences: LICENCE_ASSISTANT_NURSE",
       "licences: LICENCE_NURSE", kAssistant, ""},
      {"neither opening nor basis does", "licences: LICENCE_NURSE", "licences: LICENCE_NURSE", kAssistant,
       "nurse:NURSE_OUTSIDE_BASIS"},
      {"the opening lies outside, which is enough", "licences: LICENCE_ASSISTANT_NURSE", "licences: LICENCE_NURSE",
       kNurse, "legal_basis:OUTSIDE_BASIS"},
      {"nobody has said what she is", "licences: LICENCE_ASSISTANT_NURSE", "", registry::v1::LICENCE_UNSPECIFIED, ""},
  };
  for (const Case& c : cases) {
    auto basis = Read<v1::LegalBasis>(kNotice);
    basis.clear_licences();
    basis.MergeFrom(Read<v1::LegalBasis>(c.covered));
    Faults faults;
    MayMediateFor(c.hers, {kPrefecture, &basis, nullptr, true}, Read<v1::Opening>(c.accepted), jp::CivilDay(2050, 4, 3),
                  faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
  }
  Faults faults;
  MayMediateFor(kNurse, {kPrefecture, nullptr, nullptr, true}, v1::Opening(), jp::CivilDay(2050, 4, 3), faults);
  EXPECT_EQ(Found(faults), "legal_basis:NO_LEGAL_BASIS");
  Faults none_named;
  Claim claim;
  claim.is_named = false;
  MayMediateFor(kNurse, claim, v1::Opening(), jp::CivilDay(2050, 4, 3), none_named);
  EXPECT_EQ(Found(none_named), "legal_basis:LEGAL_BASIS_NOT_NAMED");
}

TEST(RefusalOf, InsideTheScopeOnlyForAListedGround) {
  struct Case {
    const char* name;
    bool in_area;
    const char* ground;
    const char* found;
  };
  const Case cases[] = {
      {"P6: a listed ground", true, "unlawful", ""},
      {"P6: no ground", true, "", "ground:GROUND_NOT_LISTED"},
      {"P6: another ground", true, "inconvenient", "ground:GROUND_NOT_LISTED"},
      {"outside, no ground", false, "", ""},
      {"outside, a listed ground", false, "unlawful", ""},
      {"outside, another ground", false, "inconvenient", "ground:GROUND_NOT_LISTED"},
  };
  const auto basis = Read<v1::LegalBasis>(kNotice);
  for (const Case& c : cases) {
    const Claim claim{kPrefecture, &basis, nullptr, c.in_area};
    Faults faults;
    const auto refusal = RefusalOf(claim, v1::Opening(), c.ground, jp::CivilDay(2050, 4, 3), faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
    if (!faults.empty()) continue;
    EXPECT_EQ(refusal.ground(), c.ground) << c.name;
    EXPECT_EQ(refusal.text(), *c.ground == '\0' ? "" : "法令違反") << c.name;
  }
  auto two = basis;
  two.add_refusal_grounds()->set_code("labour");
  Faults faults;
  RefusalOf({kPrefecture, &two, nullptr, true}, v1::Opening(), "x", jp::CivilDay(2050, 4, 3), faults);
  EXPECT_EQ(faults.all()[0].args().at("allowed"), "unlawful, labour");
  EXPECT_EQ(faults.all()[0].args().at("allowed_ja"), "unlawful（法令違反）、labour");
}

}  // namespace
}  // namespace tsunagu::matching::rules
