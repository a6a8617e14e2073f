// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <services/server/map_turns.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace stadtgdi::server {
namespace {

using std::chrono::milliseconds;

/// A turn taken on a thread of its own.
std::future<std::shared_ptr<void>> taken(MapTurns& turns, const std::string& address, std::stop_token stop = {})
{
    return std::async(std::launch::async, [&turns, address, stop] {
        base::RunContext run(1, stop);
        return turns.take(address, run);
    });
}

bool waits(std::future<std::shared_ptr<void>>& turn) { return turn.wait_for(milliseconds(100)) == std::future_status::timeout; }

TEST(MapTurns, one_address_waits_for_its_own_maps_and_no_other_does)
{
    MapTurns turns(2);
    auto first = taken(turns, "192.0.2.1").get(), second = taken(turns, "192.0.2.1").get();
    auto third = taken(turns, "192.0.2.1");
    EXPECT_TRUE(waits(third));
    auto other = taken(turns, "192.0.2.2");
    ASSERT_EQ(other.wait_for(milliseconds(5000)), std::future_status::ready);
    EXPECT_TRUE(waits(third));  // what another one gives back is not for it
    other.get().reset();
    EXPECT_TRUE(waits(third));
    second.reset();
    ASSERT_EQ(third.wait_for(milliseconds(5000)), std::future_status::ready);
    auto fourth = taken(turns, "192.0.2.1");
    EXPECT_TRUE(waits(fourth));
    third.get().reset();
    EXPECT_NE(fourth.get(), nullptr);
}

TEST(MapTurns, who_does_not_want_the_map_any_more_takes_no_turn)
{
    MapTurns turns(1);
    auto drawing = taken(turns, "192.0.2.1").get();
    std::stop_source stop;
    auto waiting = taken(turns, "192.0.2.1", stop.get_token());
    EXPECT_TRUE(waits(waiting));
    stop.request_stop();
    try {
        waiting.get();
        ADD_FAILURE() << "a stopped request was given a turn";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
    drawing.reset();
    EXPECT_EQ(taken(turns, "192.0.2.1").wait_for(milliseconds(5000)), std::future_status::ready);
}

}  // namespace
}  // namespace stadtgdi::server
