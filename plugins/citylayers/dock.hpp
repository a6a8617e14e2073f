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

namespace stadtgdi::citylayers {

/// The dock "City layers": families and layers of a city with count, disclosure class and licence; adds the selected
/// ones to the project. Sources used before are remembered in QGIS's settings.
class Dock : public QDockWidget {
    Q_OBJECT
public:
    explicit Dock(QgisInterface& qgis);

    /// Shows what the place offers; an error goes to QGIS's message bar.
    void open(const QString& location);

private:
    QWidget* make_source_row();
    void make_tree();
    void choose_file();
    void show_layers();
    void show_details();
    void add_selected(As as);
    std::vector<const ListedLayer*> selected() const;
    void say(const base::Error& error);

    QgisInterface& m_qgis;
    base::Language m_language;
    std::optional<Listing> m_listing;
    QComboBox* m_source;  // children of the dock, owned by Qt
    QTreeWidget* m_tree;
    QLabel* m_details;
    QPushButton* m_add;
    QPushButton* m_add_picture;
};

}  // namespace stadtgdi::citylayers
