// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <plugins/bridge/compat.hpp>

#include <QStringList>

#include <string>
#include <vector>

namespace stadtgdi::project {

inline std::vector<std::string> texts_of(const QStringList& list)
{
    std::vector<std::string> texts;
    for (const QString& part : list)
        if (!part.trimmed().isEmpty())
            texts.push_back(bridge::compat::utf8(part.trimmed()));
    return texts;
}

inline std::vector<std::string> comma_list(const QString& text)
{
    return texts_of(text.split(QLatin1Char(',')));
}

}  // namespace stadtgdi::project
