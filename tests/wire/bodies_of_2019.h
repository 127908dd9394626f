#ifndef TSUNAGU_TESTS_WIRE_BODIES_OF_2019_H_
#define TSUNAGU_TESTS_WIRE_BODIES_OF_2019_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/jp/area_code.h"

namespace tsunagu::wire {

// The codes of all municipalities as of 2019-08-01: by prefecture, three digits with the kind before them. D 指定都市,
// C 市, S 特別区, T 町, V 村.
inline const std::vector<std::pair<std::string, std::string>>& MunicipalitiesOf2019() {
  static const auto& codes = *new std::vector<std::pair<std::string, std::string>>{
      {"01",
       "D100 C202-231 C233-236 T303 V304 T331-334 T337 T343 T345-347 T361-364 T367 T370-371 V391 T392-395 "
       "V396-397 T398-402 V403-404 T405-408 V409 T423-425 T427-434 T436-438 T452-462 V463 T464-465 T468-469 "
       "V470 T471-472 T481-484 V485 T486-487 V511 T512-514 T516-520 T543-547 T549-550 T552 T555 T559-561 "
       "V562 T563-564 T571 T575 T578 T581 T584-586 T601-602 T604 T607-610 T631-637 V638-639 T641-649 "
       "T661-665 V667 T668 T691-694"},
      {"02",
       "C201-210 T301 T303 V304 T307 T321 T323 V343 T361-362 V367 T381 T384 T387 T401-402 T405-406 T408 V411 "
       "T412 T423 V424-426 T441-443 T445-446 V450"},
      {"03",
       "C201-203 C205-211 C213-216 T301-303 T321-322 T366 T381 T402 T441 T461 T482-483 V484-485 T501 V503 "
       "V506 T507 T524"},
      {"04",
       "D100 C202-203 C205-209 C211-216 T301-302 T321-324 T341 T361-362 T401 T404 T406 T421-422 V424 "
       "T444-445 T501 T505 T581 T606"},
      {"05", "C201-204 C206-207 C209-215 T303 V327 T346 T348-349 T361 T363 T366 V368 T434 T463 V464"},
      {"06", "C201-213 T301-302 T321-324 T341 T361-364 V365-367 T381-382 T401-403 T426 T428 T461"},
      {"07",
       "C201-205 C207-214 T301 T303 T308 V322 T342 V344 T362 V364 T367-368 V402 T405 T407-408 T421 V422 T423 "
       "T444-445 V446 T447 V461 V464-465 T466 T481-483 V484 T501 V502-503 T504-505 T521-522 T541-543 V544 "
       "T545-547 V548 T561 V564"},
      {"08",
       "C201-205 C207-208 C210-212 C214-217 C219-236 T302 T309-310 V341 T364 V442 T443 T447 T521 T542 T546 "
       "T564"},
      {"09", "C201-206 C208-211 C213-216 T301 T342-345 T361 T364 T384 T386 T407 T411"},
      {"10",
       "C201-212 V344 T345 V366 T367 T382 V383 T384 T421 T424 V425 T426 V428 T429 V443-444 V448 T449 T464 "
       "T521-525"},
      {"11",
       "D100 C201-203 C206-212 C214-219 C221-225 C227-235 C237-243 C245-246 T301 T324 T326-327 T341-343 "
       "T346-349 T361-363 T365 V369 T381 T383 T385 T408 T442 T464-465"},
      {"12",
       "D100 C202-208 C210-213 C215-239 T322 T329 T342 T347 T349 T403 T409-410 T421-422 V423 T424 T426-427 "
       "T441 T443 T463"},
      {"13", "S101-123 C201-215 C218-225 C227-229 T303 T305 V307 T308 T361 V362-364 V381-382 T401 V402 V421"},
      {"14", "D100 D130 D150 C201 C203-208 C210-218 T301 T321 T341-342 T361-364 T366 T382-384 T401 V402"},
      {"15", "D100 C202 C204-206 C208-213 C216-218 C222-227 T307 V342 T361 T385 T405 T461 T482 V504 V581 V586"},
      {"16", "C201-202 C204-211 V321 T322-323 T342-343"},
      {"17", "C201-207 C209-212 T324 T361 T365 T384 T386 T407 T461 T463"},
      {"18", "C201-202 C204-210 T322 T382 T404 T423 T442 T481 T483 T501"},
      {"19", "C201-202 C204-214 T346 T364-366 T368 T384 V422 T423 V424-425 V429 T430 V442-443"},
      {"20",
       "C201-215 C217-220 T303 V304-307 T309 T321 T323-324 V349 T350 T361-362 V363 T382-384 V385-386 V388 "
       "T402-404 V407 V409-417 T422-423 V425 V429-430 T432 V446 V448 V450-452 T481 V482 V485-486 T521 T541 "
       "V543 T561 V562-563 T583 V588 T590 V602"},
      {"21", "C201-221 T302-303 T341 T361-362 T381-383 T401 T403-404 T421 T501-506 V507 T521 V604"},
      {"22", "D100 D130 C203 C205-216 C219-226 T301-302 T304-306 T325 T341-342 T344 T424 T429 T461"},
      {"23", "D100 C201-217 C219-238 T302 T342 T361-362 T424-425 V427 T441-442 T445-447 T501 T561-562 V563"},
      {"24", "C201-205 C207-212 C214-216 T303 T324 T341 T343-344 T441-443 T461 T470-472 T543 T561-562"},
      {"25", "C201-204 C206-214 T383-384 T425 T441-443"},
      {"26", "D100 C201-214 T303 T322 T343-344 T364-366 V367 T407 T463 T465"},
      {"27", "D100 D140 C202-232 T301 T321-322 T341 T361-362 T366 T381-382 V383"},
      {"28", "D100 C201-210 C212-229 T301 T365 T381-382 T442-443 T446 T464 T481 T501 T585-586"},
      {"29", "C201-212 V322 T342-345 T361-363 V385-386 T401 V402 T424-427 T441-443 V444 V446-447 V449-453"},
      {"30", "C201-209 T304 T341 T343-344 T361-362 T366 T381-383 T390-392 T401 T404 T406 T421-422 T424 V427 T428"},
      {"31", "C201-204 T302 T325 T328-329 T364 T370-372 V384 T386 T389-390 T401-403"},
      {"32", "C201-207 C209 T343 T386 T441 T448-449 T501 T505 T525-526 V527 T528"},
      {"33", "D100 C202-205 C207-216 T346 T423 T445 T461 V586 T606 T622-623 V643 T663 T666 T681"},
      {"34", "D100 C202-205 C207-215 T302 T304 T307 T309 T368-369 T431 T462 T545"},
      {"35", "C201-204 C206-208 C210-213 C215-216 T305 T321 T341 T343-344 T502"},
      {"36", "C201-208 T301-302 V321 T341-342 T368 T383 T387-388 T401-405 T468 T489"},
      {"37", "C201-208 T322 T324 T341 T364 T386-387 T403-404 T406"},
      {"38", "C201-207 C210 C213-215 T356 T386 T401-402 T422 T442 T484 T488 T506"},
      {"39",
       "C201-206 C208-212 T301-304 V305-307 T341 T344 T363 V364 T386-387 T401-403 T405 V410 T411-412 T424 "
       "V427 T428"},
      {"40",
       "D100 D130 C202-207 C210-221 C223-231 T341-345 T348-349 T381-384 T401-402 T421 T447 V448 T503 T522 "
       "T544 T601-602 T604-605 T608 V609 T610 T621 T625 T642 T646-647"},
      {"41", "C201-210 T327 T341 T345-346 T387 T401 T423-425 T441"},
      {"42", "C201-205 C207-214 T307-308 T321-323 T383 T391 T411"},
      {"43",
       "D100 C202-206 C208 C210-216 T348 T364 T367-369 T403-404 T423-424 V425 T428 V432-433 T441-444 T447 "
       "T468 T482 T484 T501 T505-506 V507 V510-513 T514 T531"},
      {"44", "C201-214 V322 T341 T461-462"},
      {"45", "C201-209 T341 T361 T382-383 T401-402 V403 T404-406 T421 V429-430 T431 T441-443"},
      {"46",
       "C201 C203-204 C206 C208 C210 C213-225 V303-304 T392 T404 T452 T468 T482 T490-492 T501-502 T505 "
       "V523-524 T525 T527 T529-535"},
      {"47",
       "C201 C205 C207-215 V301-303 V306 T308 V311 V313 T314 V315 V324 T325-326 V327-328 T329 T348 T350 "
       "V353-360 T361-362 V375 T381-382"},
  };
  return codes;
}

struct BodyOf2019 {
  std::string code;  // 312011
  char kind;         // P 都道府県, else as above; N a code without a body
  std::string name() const { return absl::StrCat("areas/", code); }
};

// Returns 47 prefectures and 1,741 municipalities, each after its prefecture.
inline std::vector<BodyOf2019> BodiesOf2019() {
  const auto code = [](const std::string& prefecture, int number) {
    return jp::AreaCode::FromFive(absl::StrCat(prefecture, absl::StrFormat("%03d", number)))->six();
  };
  std::vector<BodyOf2019> bodies;
  for (const auto& [prefecture, runs] : MunicipalitiesOf2019()) {
    bodies.push_back({code(prefecture, 0), 'P'});
    for (const absl::string_view run : absl::StrSplit(runs, ' ')) {
      const std::pair<std::string, std::string> ends = absl::StrSplit(run.substr(1), absl::MaxSplits('-', 1));
      int first = 0, last = 0;
      (void)absl::SimpleAtoi(ends.first, &first);
      (void)absl::SimpleAtoi(ends.second.empty() ? ends.first : ends.second, &last);
      for (int number = first; number <= last; ++number) bodies.push_back({code(prefecture, number), run[0]});
    }
  }
  return bodies;
}

// Returns codes that occur in national lists but are not bodies: the villages of the northern territories, and all
// special wards together.
inline std::vector<BodyOf2019> CodesWithoutABody() {
  std::vector<BodyOf2019> codes;
  for (const char* five : {"01695", "01696", "01697", "01698", "01699", "01700", "13100"}) {
    codes.push_back({jp::AreaCode::FromFive(five)->six(), 'N'});
  }
  return codes;
}

// Returns a file for an import of areas. `days`: first and last day, by code, of bodies that do not exist for ever.
inline std::string AreasFile(const std::vector<BodyOf2019>& bodies,
                             const std::map<std::string, std::pair<std::string, std::string>>& days = {}) {
  const auto kind = [](char letter) {
    switch (letter) {
      case 'P':
        return "PREFECTURE";
      case 'D':
        return "DESIGNATED_CITY";
      case 'C':
        return "CITY";
      case 'S':
        return "SPECIAL_WARD";
      case 'T':
        return "TOWN";
      case 'V':
        return "VILLAGE";
      default:
        return "NO_BODY";
    }
  };
  std::string file = "code,kind,display_name,parent,valid_from_date,valid_to_date\n";
  for (const BodyOf2019& body : bodies) {
    const std::string above =
        body.kind == 'P' ? "" : absl::StrCat("areas/", jp::AreaCode::FromFive(body.code.substr(0, 2) + "000")->six());
    const auto found = days.find(body.code);
    const auto& [from, to] = found == days.end() ? std::pair<std::string, std::string>() : found->second;
    absl::StrAppend(&file, body.code, ",", kind(body.kind), ",団体", body.code, ",", above, ",", from, ",", to, "\n");
  }
  return file;
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_BODIES_OF_2019_H_
