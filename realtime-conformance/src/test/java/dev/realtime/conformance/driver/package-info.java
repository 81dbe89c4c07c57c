@NullMarked
package dev.realtime.conformance.driver;

import org.jspecify.annotations.NullMarked;
