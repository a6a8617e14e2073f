# Finds QGIS (the system's, or the one under STADTGDI_QGIS_PREFIX) and the Qt it was built with, 5 or 6.
# Targets: stadtgdi_qgis_core, stadtgdi_qgis_gui.  STADTGDI_QT_MAJOR, STADTGDI_QGIS_VERSION.
#   stadtgdi_qgis_plugin(citylayers SOURCES ... LINK ...)   a C++ plugin for QGIS Desktop

if(STADTGDI_QGIS_PREFIX)
  set(qgis_find NO_DEFAULT_PATH PATHS ${STADTGDI_QGIS_PREFIX})
endif()
find_path(STADTGDI_QGIS_INCLUDE qgsconfig.h PATH_SUFFIXES include/qgis qgis ${qgis_find} REQUIRED)
find_library(STADTGDI_QGIS_CORE_LIBRARY qgis_core PATH_SUFFIXES lib ${qgis_find} REQUIRED)
find_library(STADTGDI_QGIS_GUI_LIBRARY qgis_gui PATH_SUFFIXES lib ${qgis_find} REQUIRED)
find_library(STADTGDI_QGIS_ANALYSIS_LIBRARY qgis_analysis PATH_SUFFIXES lib ${qgis_find} REQUIRED)

file(STRINGS ${STADTGDI_QGIS_INCLUDE}/qgsconfig.h qgis_version_line REGEX "define VERSION ")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" STADTGDI_QGIS_VERSION "${qgis_version_line}")

# The Qt major is the one that libqgis_core was linked with.
execute_process(COMMAND ${CMAKE_READELF} -d ${STADTGDI_QGIS_CORE_LIBRARY} OUTPUT_VARIABLE qgis_needs ERROR_QUIET)
if(qgis_needs MATCHES "libQt6Core")
  set(STADTGDI_QT_MAJOR 6)
else()
  set(STADTGDI_QT_MAJOR 5)
endif()
message(STATUS "QGIS ${STADTGDI_QGIS_VERSION} with Qt ${STADTGDI_QT_MAJOR}: ${STADTGDI_QGIS_CORE_LIBRARY}")

set(qt_parts Core Gui Widgets Network Xml Sql Svg PrintSupport Concurrent Positioning)
if(STADTGDI_QT_MAJOR EQUAL 6)
  list(APPEND qt_parts Core5Compat)
endif()
find_package(Qt${STADTGDI_QT_MAJOR} REQUIRED COMPONENTS ${qt_parts})
list(TRANSFORM qt_parts PREPEND Qt${STADTGDI_QT_MAJOR}:: OUTPUT_VARIABLE qt_targets)
set(qt_core_targets ${qt_targets})
list(FILTER qt_core_targets EXCLUDE REGEX "Widgets|PrintSupport")

add_library(stadtgdi_qgis_core INTERFACE)
target_include_directories(stadtgdi_qgis_core SYSTEM INTERFACE ${STADTGDI_QGIS_INCLUDE})
target_link_libraries(stadtgdi_qgis_core INTERFACE ${STADTGDI_QGIS_CORE_LIBRARY} ${qt_core_targets} Qt${STADTGDI_QT_MAJOR}::Widgets)
# QGIS's authentication store needs QCA's headers (libqca-qt5-2-dev, qtkeychain-qt5-dev); without them see plugins/bridge/compat.hpp.
find_path(STADTGDI_QCA_INCLUDE QtCrypto PATH_SUFFIXES Qca-qt${STADTGDI_QT_MAJOR}/QtCrypto qt${STADTGDI_QT_MAJOR}/Qca-qt${STADTGDI_QT_MAJOR}/QtCrypto)
if(STADTGDI_QCA_INCLUDE)
  target_include_directories(stadtgdi_qgis_core SYSTEM INTERFACE ${STADTGDI_QCA_INCLUDE})
endif()
target_compile_definitions(stadtgdi_qgis_core INTERFACE _USE_MATH_DEFINES)
# Where QGIS finds its own data: for the sources that start it (a path in every command line would keep ccache from other clones' objects).
set(STADTGDI_QGIS_HOME /usr)
if(STADTGDI_QGIS_PREFIX)
  set(STADTGDI_QGIS_HOME ${STADTGDI_QGIS_PREFIX})
endif()
# Where QGIS looks for plugins, below its prefix; the same below ours, so that with the same prefix it finds them by itself.
set(STADTGDI_QGIS_PLUGIN_FOLDER lib/qgis/plugins)
foreach(folder lib64/qgis/plugins ${CMAKE_INSTALL_LIBDIR}/qgis/plugins)
  if(NOT EXISTS ${STADTGDI_QGIS_HOME}/${STADTGDI_QGIS_PLUGIN_FOLDER} AND EXISTS ${STADTGDI_QGIS_HOME}/${folder})
    set(STADTGDI_QGIS_PLUGIN_FOLDER ${folder})
  endif()
endforeach()
target_link_options(stadtgdi_qgis_core INTERFACE LINKER:--as-needed)
if(STADTGDI_QGIS_PREFIX)
  target_link_options(stadtgdi_qgis_core INTERFACE LINKER:-rpath-link,${STADTGDI_QGIS_PREFIX}/lib)
endif()

add_library(stadtgdi_qgis_gui INTERFACE)
target_link_libraries(stadtgdi_qgis_gui INTERFACE stadtgdi_qgis_core ${STADTGDI_QGIS_GUI_LIBRARY} ${STADTGDI_QGIS_ANALYSIS_LIBRARY} ${qt_targets})

# Plugins of one build lie together: the folder is what QGIS's setting plugins/searchPathsForPlugins names.
function(stadtgdi_qgis_plugin name)
  cmake_parse_arguments(P "" "" "SOURCES;LINK" ${ARGN})
  add_library(plugin_${name} MODULE ${P_SOURCES} ${PROJECT_SOURCE_DIR}/plugins/bridge/plugin_entry.cpp)
  target_compile_definitions(plugin_${name} PRIVATE STADTGDI_VERSION="${PROJECT_VERSION}")
  target_link_libraries(plugin_${name} PRIVATE stadtgdi_flags stadtgdi_qgis_gui ${P_LINK})
  set_target_properties(plugin_${name} PROPERTIES AUTOMOC ON PREFIX "lib" OUTPUT_NAME stadtgdi_${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/qgis_plugins)
endfunction()
