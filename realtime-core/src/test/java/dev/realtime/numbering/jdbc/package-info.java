/**
 * The protocol of numbers from a counter, as a model, and the plans of what moves heads.
 */
@NullMarked
package dev.realtime.numbering.jdbc;

import org.jspecify.annotations.NullMarked;
