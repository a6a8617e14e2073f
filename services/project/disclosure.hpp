// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <layers/catalogue/layer_family.hpp>
#include <services/project/data_source.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::project {

/// The operator's word on sources that are no city store: the first rule whose text is part of the source decides.
struct SourceRule {
    std::string contains;
    catalogue::Disclosure disclosure = catalogue::Disclosure::open;
};

struct DisclosureSettings {
    std::vector<SourceRule> rules;
    /// Of sources without a rule. Not set: open, but not served in a project that also touches a city store.
    std::optional<catalogue::Disclosure> other;
};

struct Classified {
    std::optional<catalogue::Disclosure> disclosure;  ///< none: not served
    std::string definition;                           ///< name of the LayerDefinition
    base::Text reason;                                ///< why not served
    bool in_city = false;                             ///< a table that a city store knows
    bool store_unreadable = false;                    ///< not served for now: the store does not answer
};

/// Finds the disclosure class of tables: in a city store by the store's own metadata of the table, whatever the layer is
/// called in a project; elsewhere by the settings. One for each load of a project (stores are asked once).
///     ClassFinder finder(settings);
///     for (source : all sources) finder.visit(source);
///     Classified c = finder.class_of(source);
class ClassFinder {
public:
    explicit ClassFinder(DisclosureSettings settings) : m_settings(std::move(settings)) {}
    /// Looks whether the source is in a city store; all sources of a project before the first class_of().
    void visit(const DataSource& source);
    Classified class_of(const DataSource& source) const;
    bool touches_city() const { return m_touches_city; }

private:
    struct Entry {
        std::string definition;
        catalogue::Disclosure disclosure;
    };
    struct Store {
        bool is_city = false;
        bool readable = false;
        std::map<std::string, Entry, std::less<>> tables;
    };
    static std::string store_of(const DataSource& source);
    Classified by_settings(const DataSource& source) const;

    DisclosureSettings m_settings;
    std::map<std::string, Store> m_stores;
    bool m_touches_city = false;
};

/// The stricter of two.
catalogue::Disclosure stricter(catalogue::Disclosure a, catalogue::Disclosure b);

}  // namespace stadtgdi::project
