package dev.realtime.spring;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;

import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A range is read or refused, no name is looked up, and it has the addresses it says. */
class AddressRangesFuzzTests extends FuzzContract {

	@Override
	protected List<byte[]> corpus() {
		return bytes("10.0.0.0/8\n10.1.2.3", "192.0.2.7\n192.0.2.8", "fd00::/8\nfd00::1", "::/0\n::1",
				"0.0.0.0/0\n1.2.3.4", "private\n127.0.0.1", "::ffff:10.0.0.0/104\n10.0.0.1", "10.0.0.0/33\n10.0.0.0",
				"1.2.3.4/-1\n1.2.3.4", "010.1.1.1/8\n8.1.1.1", "1:2:3:4:5:6:7:8/64\n1:2:3:4::", "localhost\n127.0.0.1",
				"1.2.3.4/+8\n1.0.0.0");
	}

	@Override
	protected List<String> words() {
		return List.of("private", "/0", "/8", "/32", "/64", "/128", "::", ":", ".", "ffff", "255", "256", "127.0.0.1",
				"%eth0", "[", "]", "example.com", "٣");
	}

	@Override
	protected Object check(byte[] input) throws Exception {
		String[] texts = text(input).split("\n", 2);
		@Nullable InetAddress address = AddressRanges.address(texts[texts.length - 1]);
		AddressRanges ranges;
		try {
			ranges = AddressRanges.of("property", List.of(texts[0]));
		}
		catch (InvalidRealtimePropertyException ex) {
			return "refused";
		}
		boolean contained = ranges.contains(address);
		String range = texts[0].strip();
		if (address != null && !range.equals(AddressRanges.PRIVATE)) {
			assertThat(contained).isEqualTo(isIn(range, address));
		}
		return contained;
	}

	/** By numbers, as the code does not. */
	private static boolean isIn(String range, InetAddress address) throws Exception {
		int slash = range.indexOf('/');
		InetAddress first = InetAddress.getByName((slash < 0) ? range : range.substring(0, slash));
		int size = first.getAddress().length;
		if (size != address.getAddress().length) {
			return false;
		}
		int bits = (slash < 0) ? size * 8 : Integer.parseInt(range.substring(slash + 1));
		int rest = size * 8 - bits;
		return new BigInteger(1, first.getAddress()).shiftRight(rest)
			.equals(new BigInteger(1, address.getAddress()).shiftRight(rest));
	}

}
