@NullMarked
package dev.realtime.spring.offline;

import org.jspecify.annotations.NullMarked;
