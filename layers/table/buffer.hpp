// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace stadtgdi::table {

/// Values that never change, shared by every column, table, Arrow stream and NumPy array that shows them.
/// The memory is a std::vector of ours or somebody else's (an Arrow batch), kept alive by `owner`.
template <class T> class Buffer {
public:
    Buffer() = default;
    Buffer(std::vector<T> values) // NOLINT: a vector is a buffer
    {
        auto held = std::make_shared<const std::vector<T>>(std::move(values));
        m_values = {held->data(), held->size()};
        m_owner = std::move(held);
    }
    Buffer(std::initializer_list<T> values) : Buffer(std::vector<T>(values)) {}
    /// Shows memory that `owner` keeps alive.
    Buffer(std::span<const T> values, std::shared_ptr<const void> owner) : m_values(values), m_owner(std::move(owner)) {}

    std::span<const T> span() const { return m_values; }
    const T* data() const { return m_values.data(); }
    std::size_t size() const { return m_values.size(); }
    bool empty() const { return m_values.empty(); }
    const T& operator[](std::size_t i) const { return m_values[i]; }
    auto begin() const { return m_values.begin(); }
    auto end() const { return m_values.end(); }
    const std::shared_ptr<const void>& owner() const { return m_owner; }

private:
    std::span<const T> m_values;
    std::shared_ptr<const void> m_owner;  // shared by all that show the same values
};

}  // namespace stadtgdi::table
