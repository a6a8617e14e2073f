// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <plugins/citylayers/adding.hpp>
#include <QDockWidget>
#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QTreeWidget;
class QgisInterface;
class QgsAuthConfigSelect;

namespace stadtgdi::citylayers {

/// The dock "City layers": families and layers of a city with count, disclosure class and licence; adds the selected
/// ones to the project. When a project of a city is opened the dock shows that city. Sources used before are remembered in
/// QGIS's settings, with the key of a service as the id of its entry in QGIS's authentication store.
class Dock : public QDockWidget {
    Q_OBJECT
public:
    explicit Dock(QgisInterface& qgis);

    /// Shows what the place offers; an error goes to QGIS's message bar.
    void open(const QString& location);

private:
    QWidget* make_source_row();
    QWidget* make_key_row();
    void make_tree();
    void choose_file();
    void show_key();
    void ask_for_key();
    void open_city_of_project();
    void show_layers();
    void show_details();
    void add_selected(As as);
    std::vector<const ListedLayer*> selected() const;
    void say(const base::Error& error);

    QgisInterface& m_qgis;
    base::Language m_language;
    std::optional<Listing> m_listing;
    QComboBox* m_source;  // children of the dock, owned by Qt
    QWidget* m_key_row;
    QgsAuthConfigSelect* m_key = nullptr;  // made when a service is named: it opens the authentication store
    QTreeWidget* m_tree;
    QLabel* m_details;
    QPushButton* m_add;
    QPushButton* m_add_picture;
};

}  // namespace stadtgdi::citylayers
