# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
# The helper functions every folder uses. Flags live in one INTERFACE target, so third-party code never inherits them.

add_library(catamaran_options INTERFACE)
target_compile_features(catamaran_options INTERFACE cxx_std_20)
target_compile_options(catamaran_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
target_compile_definitions(catamaran_options INTERFACE
    QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_STRICT_ITERATORS)
target_include_directories(catamaran_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
if(CATAMARAN_WERROR)
    target_compile_options(catamaran_options INTERFACE -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # GCC 12 sees overlaps and overflows in its own std::string that are not there (PR105329, PR105651).
        target_compile_options(catamaran_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-mismatched-new-delete>)
    endif()
endif()
if(CATAMARAN_SANITIZE OR CATAMARAN_FUZZ)
    # Line numbers for reports, without the checkout's place: so that ccache serves every clone.
    target_compile_options(catamaran_options INTERFACE -fdebug-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()
if(CATAMARAN_SANITIZE)
    target_compile_options(catamaran_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(catamaran_options INTERFACE -fsanitize=address,undefined)
    # Leaks are looked for at the end of each process by one that traces it, which some containers do not allow.
    include(CheckCXXSourceRuns)
    set(CMAKE_REQUIRED_FLAGS -fsanitize=address)
    check_cxx_source_runs("int main() { return 0; }" CATAMARAN_LEAKS)
    unset(CMAKE_REQUIRED_FLAGS)
    if(NOT CATAMARAN_LEAKS)
        message(STATUS "Leaks are not looked for")
    endif()
    # 99 is no exit code of ours, so that a child's leak is not taken for its answer.
    set(CATAMARAN_SANITIZER_ENVIRONMENT "ASAN_OPTIONS=exitcode=99:detect_leaks=$<BOOL:${CATAMARAN_LEAKS}>;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/leaks.supp:print_suppressions=0;")
endif()
if(CATAMARAN_FUZZ)
    # Coverage in every library that a target links; the runtime comes with the targets. Qt is not built with clang's type
    # information, so the checks that need it on both sides are off.
    target_compile_options(catamaran_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr,function -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_compile_definitions(catamaran_options INTERFACE QT_FORCE_ASSERTS)
    target_link_options(catamaran_options INTERFACE -fsanitize=address,undefined -fno-sanitize=vptr,function)
endif()

# catamaran_library(<name> DEPS <targets…> PRIVATE_DEPS <targets…>): one static library from every .cpp of the calling folder, with the alias
# Catamaran::<name>. A misspelt Catamaran:: name then fails when configuring.
function(catamaran_library name)
    cmake_parse_arguments(ARG "" "PCH" "DEPS;PRIVATE_DEPS;SOURCES" ${ARGN})
    if(ARG_SOURCES)
        set(sources ${ARG_SOURCES})
    else()
        file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h ${CMAKE_CURRENT_SOURCE_DIR}/*.qrc)
    endif()
    add_library(catamaran_${name} STATIC ${sources})
    add_library(Catamaran::${name} ALIAS catamaran_${name})
    target_link_libraries(catamaran_${name} PUBLIC catamaran_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
    catamaran_pch(catamaran_${name} ${ARG_PCH})
    if(CATAMARAN_UNITY)
        set_target_properties(catamaran_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
        target_compile_options(catamaran_${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>) # GCC takes what a batch includes for a header
    endif()
endfunction()

# catamaran_pch(<target> [qt|widgets|beast|none]): the precompiled header that fits what the target includes most. Each is
# compiled once, by a target of its own, and used by all: every target has the same flags.
function(catamaran_pch target)
    set(kind qt)
    if(ARGC GREATER 1)
        set(kind ${ARGV1})
    endif()
    if(NOT CATAMARAN_PCH OR kind STREQUAL "none")
        return()
    endif()
    set(header <pch-${kind}.h>) # not its path, which would make it another header in another clone (see ccache)
    if(NOT CATAMARAN_SHARED_PCH)
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
        target_precompile_headers(${target} PRIVATE ${header})
        return()
    endif()
    set(host catamaran_pch_${kind})
    if(NOT TARGET ${host})
        set(source ${PROJECT_BINARY_DIR}/pch-${kind}.cpp)
        file(CONFIGURE OUTPUT ${source} CONTENT "")
        add_library(${host} STATIC ${source})
        set_target_properties(${host} PROPERTIES AUTOMOC OFF AUTORCC OFF)
        set(libraries_qt Qt6::Core tl::expected)
        set(libraries_widgets Qt6::Widgets Qt6::Charts tl::expected)
        set(libraries_beast Qt6::Core Boost::headers Boost::json OpenSSL::SSL)
        target_link_libraries(${host} PRIVATE catamaran_options ${libraries_${kind}})
        target_include_directories(${host} PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
        target_precompile_headers(${host} PRIVATE ${header})
    endif()
    target_precompile_headers(${target} REUSE_FROM ${host})
endfunction()

# catamaran_test(<name> SOURCES … DEPS … LABELS unit|gui|range|conformance|bench|fuzz): one Qt Test program.
function(catamaran_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT;PCH" "SOURCES;DEPS;LABELS;ENVIRONMENT" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE catamaran_options Catamaran::testsupport ${ARG_DEPS})
    target_include_directories(${name} BEFORE PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/patient)
    catamaran_pch(${name} ${ARG_PCH})
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set(cost ${ARG_TIMEOUT}) # the long ones first, so that none is left alone at the end
    if(CATAMARAN_SANITIZE) # that is about three times as slow
        math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 4")
    else() # and a machine may be shared
        math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 2")
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} COST ${cost}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FORCE_ASSERTS=1;QTEST_FUNCTION_TIMEOUT=900000;LC_ALL=C.UTF-8;${CATAMARAN_SANITIZER_ENVIRONMENT}${ARG_ENVIRONMENT}")
endfunction()
