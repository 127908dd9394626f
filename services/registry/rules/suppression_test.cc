#include "services/registry/rules/suppression.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Rows = std::vector<std::vector<int64_t>>;

// A table with the sums of its rows and columns. Figures below 5 are withheld, 0 is published.
struct Table {
  explicit Table(const Rows& rows, bool zero_too = false) : rows(rows.size()), columns(rows[0].size()) {
    for (size_t row = 0; row <= rows.size(); ++row) {
      for (size_t column = 0; column <= columns; ++column) figures.push_back(FigureOf(row, column));
    }
    for (size_t row = 0; row < rows.size(); ++row) {
      for (size_t column = 0; column < columns; ++column) {
        counts.push_back({{static_cast<int>(row), static_cast<int>(column), 0}, rows[row][column]});
      }
    }
    for (Figure& figure : figures) {
      const int64_t value = ValueOf(figure);
      if (value >= 5 || (value == 0 && !zero_too)) continue;
      figure.state = Figure::State::kWithheld;
      figure.reach = 5;
    }
  }

  Figure FigureOf(size_t row, size_t column) const {
    Figure figure;
    for (size_t i = 0; i < rows * columns; ++i) {
      if ((row == rows || row == i / columns) && (column == columns || column == i % columns)) {
        figure.terms.push_back({static_cast<int>(i), 1});
      }
    }
    return figure;
  }
  int64_t ValueOf(const Figure& figure) const {
    int64_t value = 0;
    for (const auto& [count, factor] : figure.terms) value += factor * counts[count].value;
    return value;
  }
  Figure& at(size_t row, size_t column) { return figures[row * (columns + 1) + column]; }

  // As printed: the last column and the last row are the sums.
  std::vector<std::string> Told() const {
    const Suppression suppression = Suppress(counts, figures);
    std::vector<std::string> lines;
    for (size_t row = 0; row <= rows; ++row) {
      std::vector<std::string> cells;
      for (size_t column = 0; column <= columns; ++column) {
        const size_t i = row * (columns + 1) + column;
        cells.push_back(suppression.withheld[i] ? "x" : absl::StrCat(ValueOf(figures[i])));
      }
      lines.push_back(absl::StrJoin(cells, " "));
    }
    return lines;
  }

  size_t rows, columns;
  std::vector<Count> counts;
  std::vector<Figure> figures;
};

struct Case {
  const char* name;
  Rows rows;
  bool zero_too;
  std::vector<std::string> told;
};

TEST(SuppressionTest, OfATableWithItsSums) {
  const Case cases[] = {
      {"nothing is small", {{5, 6}, {7, 0}}, false, {"5 6 11", "7 0 7", "12 6 18"}},
      {"one is, and three others go with it, the smallest",
       {{2, 9, 30}, {8, 9, 40}, {50, 60, 70}},
       false,
       {"x x 30 41", "x x 40 57", "50 60 70 180", "60 78 140 278"}},
      {"0 tells of nobody", {{0, 9}, {9, 9}}, false, {"0 9 9", "9 9 18", "9 18 27"}},
      {"unless it is not to be told", {{0, 9}, {9, 9}}, true, {"x x 9", "x x 18", "9 18 27"}},
      {"one of two that make 5 together may be 5",
       {{2, 3, 9}, {9, 9, 9}},
       false,
       {"x x 9 14", "x x 9 27", "11 12 18 41"}},
      {"of two that make 4, neither could be", {{2, 2, 9}, {9, 9, 9}}, false, {"x x x 13", "x x x 27", "11 11 18 40"}},
      {"where nothing can be exchanged, sums go too", {{3}, {0}}, false, {"x x", "0 0", "x x"}},
      {"everything is small", {{1, 1}, {1, 1}}, false, {"x x x", "x x x", "x x x"}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const Table table(one.rows, one.zero_too);
    EXPECT_THAT(table.Told(), testing::ElementsAreArray(one.told)) << absl::StrJoin(table.Told(), "\n");
    EXPECT_THAT(Suppress(table.counts, table.figures).determined, IsEmpty());
  }
}

TEST(SuppressionTest, WhatIsToldStaysTold) {
  Table table({{2, 9, 8}, {9, 9, 8}, {9, 9, 8}});
  table.at(0, 1).state = Figure::State::kTold;
  table.at(1, 0).state = Figure::State::kTold;
  EXPECT_THAT(table.Told(), ElementsAre("x 9 x 19", "9 9 8 26", "x 9 x 26", "20 27 24 71"));
}

TEST(SuppressionTest, WhatFollowsFromWhatIsToldIsSaidToBeDetermined) {
  Table table({{2, 9}, {9, 9}});
  table.at(0, 1).state = Figure::State::kTold;
  table.at(0, 2).state = Figure::State::kTold;
  EXPECT_THAT(Suppress(table.counts, table.figures).determined, ElementsAre(0));
}

// 2 + 4 is published: it could be 3 + 3, and cannot be 7 + -1.
TEST(SuppressionTest, ThatItIsSmallDoesNotShowEither) {
  Table table({{1, 2}, {20, 20}});
  table.at(0, 2).state = Figure::State::kTold;
  table.at(0, 2).reach = 0;
  EXPECT_THAT(Suppress(table.counts, table.figures).determined, ElementsAre(0, 1));
}

// Sums that readers know to be equal: a + b = c + d.
TEST(SuppressionTest, AnEquationIsKeptWhateverMoves) {
  std::vector<Count> counts;
  for (const int64_t value : {2, 9, 6, 5}) counts.push_back({{0, static_cast<int>(counts.size()), 0}, value});
  std::vector<Figure> figures;
  for (int i = 0; i < 4; ++i) figures.push_back({{{i, 1}}});
  figures[0].state = Figure::State::kWithheld;
  figures[0].reach = 5;
  figures.push_back({{{0, 1}, {1, 1}, {2, -1}, {3, -1}}, Figure::State::kTold});
  const Suppression suppression = Suppress(counts, figures);
  EXPECT_THAT(suppression.determined, IsEmpty());
  EXPECT_THAT(suppression.withheld, ElementsAre(true, true, false, false, false)) << "a goes up as b goes down";
  figures[1].state = Figure::State::kTold;
  EXPECT_THAT(Suppress(counts, figures).withheld, ElementsAre(true, false, true, false, false)) << "or c goes up too";
  for (const int told : {2, 3}) figures[told].state = Figure::State::kTold;
  EXPECT_THAT(Suppress(counts, figures).determined, ElementsAre(0));
}

}  // namespace
}  // namespace tsunagu::registry::rules
