package dev.realtime.spring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Ranges of IP addresses, such as {@code 10.0.0.0/8}, {@code 192.0.2.7} or
 * {@code fd00::/8}, or {@code private} for private addresses and those of this machine.
 * Names are not looked up. Immutable.
 */
public final class AddressRanges {

	/** The word for private addresses and those of this machine. */
	static final String PRIVATE = "private";

	/**
	 * Loopback, RFC 1918, link-local, the shared addresses of RFC 6598, and RFC 4193.
	 */
	private static final List<String> PRIVATE_RANGES = List.of("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12",
			"192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "::1", "fc00::/7", "fe80::/10");

	private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

	/** Only literals of addresses: everything else would be asked for in DNS. */
	private static final Pattern LITERAL = Pattern.compile(BYTE + "(\\." + BYTE + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

	private final List<Range> ranges;

	private AddressRanges(List<Range> ranges) {
		this.ranges = ranges;
	}

	/**
	 * Reads ranges.
	 * @param property where they were configured, for the error
	 * @throws InvalidRealtimePropertyException if one is not an address or a range
	 */
	public static AddressRanges of(String property, List<String> ranges) {
		return new AddressRanges(ranges.stream()
			.map(String::strip)
			.flatMap((text) -> text.equals(PRIVATE) ? PRIVATE_RANGES.stream() : Stream.of(text))
			.map((text) -> {
				Range range = range(text);
				if (range == null) {
					throw new InvalidRealtimePropertyException(property, text,
							"must be address ranges such as 10.0.0.0/8, 192.0.2.7 or fd00::/8, or private");
				}
				return range;
			})
			.toList());
	}

	/** Whether one of the ranges has the address. */
	public boolean contains(@Nullable InetAddress address) {
		if (address == null) {
			return false;
		}
		byte[] bytes = address.getAddress();
		for (Range range : this.ranges) {
			if (range.matches(bytes)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable Range range(String text) {
		int slash = text.indexOf('/');
		InetAddress address = address((slash < 0) ? text : text.substring(0, slash));
		if (address == null) {
			return null;
		}
		byte[] bytes = address.getAddress();
		int most = bytes.length * Byte.SIZE;
		try {
			int bits = (slash < 0) ? most : Integer.parseInt(text.substring(slash + 1));
			return (bits >= 0 && bits <= most) ? new Range(bytes, bits) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/** Returns the address that the text is, or null if it is none. */
	static @Nullable InetAddress address(String text) {
		try {
			return LITERAL.matcher(text).matches() ? InetAddress.getByName(text) : null;
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	private static final class Range {

		private final byte[] prefix;

		private final int bits;

		Range(byte[] prefix, int bits) {
			this.prefix = prefix;
			this.bits = bits;
		}

		boolean matches(byte[] address) {
			if (address.length != this.prefix.length) {
				return false;
			}
			int whole = this.bits / Byte.SIZE;
			for (int i = 0; i < whole; i++) {
				if (address[i] != this.prefix[i]) {
					return false;
				}
			}
			int rest = this.bits % Byte.SIZE;
			return rest == 0 || ((address[whole] ^ this.prefix[whole]) & (0xFF << (Byte.SIZE - rest)) & 0xFF) == 0;
		}

	}

}
