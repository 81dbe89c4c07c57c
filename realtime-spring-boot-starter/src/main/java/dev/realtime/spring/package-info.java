/**
 * Auto-configuration of a realtime node and its properties. Imports the core and the
 * packages below it.
 */
@NullMarked
package dev.realtime.spring;

import org.jspecify.annotations.NullMarked;
