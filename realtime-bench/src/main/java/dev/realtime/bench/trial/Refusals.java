package dev.realtime.bench.trial;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;

/** Why a connection could not be made or ended, and what to do. */
final class Refusals {

	private Refusals() {
	}

	/** The answer to a handshake that is not 101. */
	static String handshake(String answer) {
		String status = answer.lines().findFirst().orElse("");
		int space = status.indexOf(' ');
		String code = (space < 0) ? "" : status.substring(space + 1, Math.min(status.length(), space + 4));
		return "the handshake was answered with \"" + status.strip() + "\": " + switch (code) {
			case "200", "204" -> "this path is no WebSocket endpoint";
			case "301", "302", "303", "307", "308" ->
				"the server redirects to " + location(answer) + "; give that address as --url (https is wss)";
			case "401", "403" -> "it needs credentials, or another origin; give them with --header='Name: value'";
			case "404" ->
				"nothing takes WebSockets at this path; it is the context path of the application, if there is one, and realtime.endpoint";
			case "400", "405", "426" ->
				"this path takes no WebSockets, a proxy does not pass Upgrade on, or the port speaks TLS (wss://)";
			case "429" ->
				"too many connections or attempts from this address; see realtime.limits.connections-per-address, realtime.rates and realtime.limits.exempt-addresses";
			case "502", "504" -> "a proxy does not reach the application";
			case "503" -> "the node takes no connections now: it is full, starting or leaving";
			default -> "only 101 opens a WebSocket";
		};
	}

	private static String location(String answer) {
		return answer.lines()
			.filter((line) -> line.regionMatches(true, 0, "location:", 0, 9))
			.map((line) -> line.substring(9).strip())
			.findFirst()
			.orElse("another address");
	}

	/** An ERROR frame; before CONNECTED it refuses the credentials most of the time. */
	static String error(Frame frame, boolean connecting) {
		String hint = connecting ? "; credentials for CONNECT are given with --connect-header=name:value" : "";
		return "the server answered with ERROR \"" + frame.sentence().strip() + '"' + hint;
	}

	/** A control event {@code denied}. */
	static String denied(Frame frame) {
		String reason = frame.header("reason");
		return "refused with " + reason + ": " + frame.sentence().strip() + switch (reason) {
			case "rate-limited" -> "; raise realtime.rates, exempt this address, or spread the load with --publishers";
			case "client-publish" ->
				"; allow it with realtime.topics.<name>.client-publish, or give the application's own destination with --send";
			default -> "";
		};
	}

	/** The server's close frame. */
	static String closed(int code, String reason) {
		return "the server closed the connection with " + code + (reason.isEmpty() ? "" : " " + reason);
	}

	/** An exception of the network or of TLS. */
	static String broken(Throwable cause) {
		for (Throwable each = cause; each != null; each = each.getCause()) {
			if (each instanceof UnknownHostException) {
				return "the name of the host is unknown; check --url";
			}
			if (each instanceof ConnectTimeoutException) {
				return "nothing answered in time; a firewall may drop what is sent to this port";
			}
			if (each instanceof ConnectException) {
				return "nothing listens there (" + each.getMessage() + "); is it started, and is this its port?";
			}
			if (each instanceof NotSslRecordException) {
				return "the server does not speak TLS on this port; write ws:// instead of wss://";
			}
			if ((each instanceof SSLException && each.getCause() == null) || each instanceof GeneralSecurityException) {
				return "TLS failed: " + each.getMessage()
						+ "; for a certificate of a test write --insecure-tls=true, for an own authority -Djavax.net.ssl.trustStore=FILE";
			}
			if (String.valueOf(each.getMessage()).contains("Cannot assign requested address")) {
				return "this machine has no ports left to this address; use several machines or source addresses";
			}
		}
		return "the connection broke: " + cause.getMessage();
	}

}
