package dev.realtime.spring.ticket;

import java.security.Principal;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Users of Spring Security's, with the authorities that they had when they fetched the
 * ticket.
 */
final class SecurityTicketPrincipals extends TicketPrincipals {

	@Override
	List<String> authorities(Principal user) {
		return (user instanceof Authentication known)
				? known.getAuthorities().stream().map(GrantedAuthority::getAuthority).filter(Objects::nonNull).toList()
				: List.of();
	}

	@Override
	Principal principal(TicketUser user) {
		UsernamePasswordAuthenticationToken known = UsernamePasswordAuthenticationToken.authenticated(user.name(), null,
				AuthorityUtils.createAuthorityList(user.authorities()));
		known.setDetails(user);
		return known;
	}

	@Override
	@Nullable TicketUser ticket(Principal user) {
		return (user instanceof Authentication known && known.getDetails() instanceof TicketUser ticket) ? ticket
				: null;
	}

}
