// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/plan.hpp>
#include <layers/demo/random.hpp>
#include <string>
#include <unordered_set>

namespace stadtgdi::demo {

/// Names of streets and districts, each given once.
class Names {
public:
    std::string street(StreetKind kind, Random& random);
    std::string district(Random& random);

private:
    std::string unused(std::string name);
    std::unordered_set<std::string> m_given;
};

}  // namespace stadtgdi::demo
