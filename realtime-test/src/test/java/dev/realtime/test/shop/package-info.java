@NullMarked
package dev.realtime.test.shop;

import org.jspecify.annotations.NullMarked;
