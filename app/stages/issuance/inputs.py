"""What is recorded when the certificate is made and the result leaves."""

from app.engine.inputs import Input, choice, file, flag, ids, number, pattern, text
from app.law import N_
from app.law.identity import WRONG_EMS_NO

DELIVERY_MODES = {
    "pickup": N_("Pick up at the certificate centre"),
    "ems": N_("By EMS"),
    "window": N_("At the window"),
}
SIGNERS = {
    "self": N_("The applicant"),
    "agent": N_("Authorised agent"),
    "legal_rep": N_("Legal representative"),
    "left_in_place": N_("Left in place"),
}


class MakeCertificateInput(Input):
    """The certificate made, and its scan."""

    cert_no = text(N_("Certificate number"), 1, 64)
    scan = file(N_("Scan of the certificate"), kinds=("pdf",))
    physical_pieces = number(N_("Pieces on paper"), 0, 9)
    e_certificate = flag(N_("Electronic certificate"))


class ChangeDeliveryInput(Input):
    """Another way out, asked for by the applicant."""

    delivery_mode = choice(N_("Delivery"), DELIVERY_MODES)
    ems_address = text(N_("EMS address"), 5, 200, required=False, personal="address", help_text=N_("Needed for EMS."))
    asked = choice(N_("Asked"), {"in_person": N_("In person"), "phone": N_("By phone"), "online": N_("Online")})


class DispatchInput(Input):
    """A parcel posted."""

    ems_no = pattern(N_("EMS number"), r"^(\d{13}|[A-Z]{2}\d{9}CN)$", WRONG_EMS_NO, personal="ems")
    pieces = number(N_("Pieces"), 1, 9)


class ReplaceCertificateInput(Input):
    """Why the certificate is made anew, and the new one."""

    cause = choice(N_("Cause"), {"misprint": N_("Misprint"), "damaged": N_("Damaged"), "lost": N_("Lost")})
    reason = text(N_("Reason"), 5, 300)
    cert_no = text(N_("Certificate number"), 1, 64)
    scan = file(N_("Scan of the certificate"), kinds=("pdf",))


class ReturnDispatchInput(Input):
    """A parcel that came back."""

    reason = text(N_("Reason"), 5, 300)


class IssueInput(Input):
    """Who signs for the result."""

    signer = text(N_("Signed by"), 1, 50, personal="name")
    relation = choice(N_("Relation to the applicant"), SIGNERS)
    id_last4 = pattern(
        N_("Last four of the ID number"),
        r"^[0-9A-Z]{4}$",
        N_("Four digits or capital letters, as on the document."),
        personal="hidden",
    )
    signature = file(N_("Signature"))
    witness = text(
        N_("Witness"), 1, 50, required=False, personal="name", help_text=N_("Needed where it is left in place.")
    )
    ems_receipt = file(N_("EMS receipt"), required=False)
    ticks = ids(N_("Collected or compared, as the handover slip asks"))
