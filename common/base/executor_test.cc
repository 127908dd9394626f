#include "common/base/executor.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

// A door at which tasks wait.
class Door {
 public:
  void Open() {
    MutexLock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    MutexLock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    while (!open_) changed_.wait(mutex_);
  }
  void AwaitWaiting(int count) {
    MutexLock lock(mutex_);
    while (waiting_ < count) changed_.wait(mutex_);
  }
  int waiting() {
    MutexLock lock(mutex_);
    return waiting_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ = false;
  int waiting_ = 0;
};

TEST(Executor, AdminFirstTheOthersAsTheyCame) {
  Door door;
  std::string order;
  {
    Executor executor({1, 10});
    ASSERT_TRUE(executor.TryPost([&] { door.Pass(); }));
    door.AwaitWaiting(1);
    const auto post = [&](char name, Lane lane) {
      EXPECT_TRUE(executor.TryPost([&order, name] { order += name; }, lane));
    };
    post('a', Lane::kInteractive);
    post('b', Lane::kBatch);
    post('c', Lane::kInteractive);
    post('d', Lane::kAdmin);
    EXPECT_EQ(executor.queued(Lane::kInteractive), 2u);
    door.Open();
  }
  EXPECT_EQ(order, "dabc");
}

TEST(Executor, BatchTakesAtMostHalfOfTheThreads) {
  Door files, screen;
  Executor executor({4, 10});
  std::atomic<int> done{0};
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(executor.TryPost([&] { files.Pass(), ++done; }, Lane::kBatch));
  }
  files.AwaitWaiting(2);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(executor.TryPost([&] { screen.Pass(); }, Lane::kInteractive));
  screen.AwaitWaiting(2);  // each of them has a thread
  EXPECT_EQ(files.waiting(), 2);
  EXPECT_EQ(executor.queued(Lane::kBatch), 4u);
  EXPECT_EQ(executor.busy_threads(), 4u);
  files.Open();
  files.AwaitWaiting(6);  // the rest runs too, though no other thread is woken
  screen.Open();
}

TEST(Executor, AFullLaneLeavesTheOthersAlone) {
  Door door;
  Executor executor({1, 2});
  ASSERT_TRUE(executor.TryPost([&] { door.Pass(); }));
  door.AwaitWaiting(1);
  EXPECT_TRUE(executor.TryPost([] {}));
  EXPECT_TRUE(executor.TryPost([] {}));
  EXPECT_FALSE(executor.TryPost([] {}));
  EXPECT_TRUE(executor.TryPost([] {}, Lane::kAdmin));
  EXPECT_TRUE(executor.TryPost([] {}, Lane::kBatch));
  door.Open();
}

TEST(Executor, RunsWhatIsQueuedBeforeItGoes) {
  std::atomic<int> done{0};
  {
    Executor executor({3, 1000});
    for (int i = 0; i < 300; ++i) {
      ASSERT_TRUE(executor.TryPost([&] { ++done; }, static_cast<Lane>(i % 3)));
    }
  }
  EXPECT_EQ(done, 300);
}

TEST(Executor, NobodysTasksAreOnTheLastThreads) {
  Executor executor({16, 100});
  std::atomic<bool> open{false};
  std::atomic<int> running{0}, done{0};
  const auto wait = [&] {
    ++running;
    while (!open) std::this_thread::yield();
    ++done;
  };
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(executor.TryPost(wait, Lane::kInteractive, 7));
  while (running < 14) std::this_thread::yield();
  EXPECT_EQ(executor.queued(Lane::kInteractive), 6u);
  std::atomic<bool> other{false};
  ASSERT_TRUE(executor.TryPost([&] { other = true; }, Lane::kInteractive, 8));
  while (!other) std::this_thread::yield();  // before those that wait
  EXPECT_EQ(running, 14);
  open = true;
  while (done < 20) std::this_thread::yield();
}

TEST(Executor, WhatComesOneAfterTheOtherNeedsOneThread) {
  Executor executor({8, 10});
  std::set<std::thread::id> threads;
  for (int i = 0; i < 100; ++i) {
    std::atomic<bool> done{false};
    ASSERT_TRUE(executor.TryPost([&] {
      threads.insert(std::this_thread::get_id());
      done = true;
    }));
    while (!done || executor.busy_threads() > 0) std::this_thread::yield();
  }
  EXPECT_EQ(threads.size(), 1u);
}

TEST(Executor, ManyPostersAtOnceAndEveryTaskOnce) {
  constexpr int kPosters = 4, kTasks = 5000;
  std::vector<std::atomic<int>> runs(kPosters * kTasks);
  {
    Executor executor({6, 100});
    std::vector<std::thread> posters;
    for (int poster = 0; poster < kPosters; ++poster) {
      posters.emplace_back([&, poster] {
        for (int i = poster * kTasks; i < (poster + 1) * kTasks; ++i) {
          while (!executor.TryPost([&runs, i] { ++runs[static_cast<size_t>(i)]; }, static_cast<Lane>(i % 3))) {
            std::this_thread::yield();
          }
        }
      });
    }
    for (std::thread& poster : posters) poster.join();
  }
  for (size_t i = 0; i < runs.size(); ++i) ASSERT_EQ(runs[i], 1) << i;
}

}  // namespace
}  // namespace tsunagu
