"""The catalogue of items (事项), what they need, and the versions applications were filed under."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.archive import Retention
from app.models.base import Created, JsonColumn, Key, Model, Moment, Ref, Row, label
from app.models.organisation import IndustryDepartment, Office


class Item(Created, Model):
    """An item on application: its office, limits, guide and fronting."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("item_type in ('01', '05', '07', '08', '09', '10', '20')", name="item_on_application"),
        CheckConstraint("handling in ('instant', 'commitment')", name="item_handling"),
        CheckConstraint("handling <> 'instant' or promised_days = 0", name="item_instant_is_same_day"),
        CheckConstraint("handling <> 'commitment' or promised_days > 0", name="item_commitment_has_days"),
        CheckConstraint("statutory_unit in ('working_day', 'month')", name="item_statutory_unit"),
        CheckConstraint(
            "statutory_unit <> 'working_day' or statutory_amount = 0 or promised_days <= statutory_amount",
            name="item_promised_within_statutory",
        ),
        CheckConstraint("promised_days >= 0 and statutory_amount >= 0", name="item_limits"),
        CheckConstraint("clock_start in ('accepted', 'received')", name="item_clock_start"),
        CheckConstraint("correction_days between 0 and 5", name="item_correction_at_most_five"),
        CheckConstraint("extension_max between 0 and 10", name="item_extension_at_most_ten"),
        CheckConstraint("not (is_secret and is_public)", name="item_secret_never_public"),
    )
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    name: Mapped[str] = mapped_column(String(200), index=True, info=label(N_("Name")))
    basic_code: Mapped[str] = mapped_column(String(50), info=label(N_("Basic code")))
    impl_code: Mapped[str] = mapped_column(String(50), unique=True, info=label(N_("Implementation code")))
    item_type: Mapped[str] = mapped_column(
        String(2), info=label(N_("Item type"), N_("Only items on application are handled here."))
    )
    exercise_level: Mapped[str] = mapped_column(String(1), default="4", info=label(N_("Exercise level")))
    office_id: Mapped[int] = Ref("office.id", info=label(N_("Office"), N_("Decides every application of this item.")))
    department_id: Mapped[int] = Ref("industry_department.id", info=label(N_("Industry department")))
    handling: Mapped[str] = mapped_column(
        String(12), info=label(N_("Handling"), N_("Instant items are due the same day."))
    )
    statutory_amount: Mapped[int] = mapped_column(Integer, info=label(N_("Statutory limit")))
    statutory_unit: Mapped[str] = mapped_column(
        String(12), default="working_day", info=label(N_("Unit of the statutory limit"))
    )
    promised_days: Mapped[int] = mapped_column(
        Integer, info=label(N_("Promised limit"), N_("Working days; never beyond the statutory limit."))
    )
    clock_start: Mapped[str] = mapped_column(String(10), default="accepted", info=label(N_("Clock starts at")))
    correction_days: Mapped[int] = mapped_column(
        Integer, default=5, info=label(N_("Correction limit"), N_("At most five working days."))
    )
    extension_max: Mapped[int] = mapped_column(Integer, default=10, info=label(N_("Longest extension")))
    needs_verification: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("Needs verification")))
    result_name: Mapped[str] = mapped_column(String(100), info=label(N_("Result")))
    legal_basis: Mapped[str] = mapped_column(Text, default="", info=label(N_("Legal basis")))
    conditions: Mapped[str] = mapped_column(Text, default="", info=label(N_("Conditions")))
    quantity: Mapped[str] = mapped_column(Text, default="", info=label(N_("Quantity")))
    procedure: Mapped[str] = mapped_column(Text, default="", info=label(N_("Procedure")))
    place: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Place and phone")))
    online: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Online handling")))
    has_fee: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("Has a fee")))
    fee_text: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Fee basis and standard")))
    is_fronted: Mapped[bool] = mapped_column(
        Boolean, default=False, info=label(N_("Fronted"), N_("Also taken and issued at town centres."))
    )
    is_active: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("Active")))
    is_public: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("Public")))
    is_secret: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("Secret")))
    retention_id: Mapped[int] = Ref("retention.id", info=label(N_("Retention")))
    revision: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=label(N_("Revision"), N_("The published revision in force."))
    )
    office: Mapped[Office] = relationship()
    department: Mapped[IndustryDepartment] = relationship()
    retention: Mapped[Retention] = relationship()
    materials: Mapped[list["ItemMaterial"]] = relationship(back_populates="item", order_by="ItemMaterial.position")
    extra_fields: Mapped[list["ItemField"]] = relationship(back_populates="item", order_by="ItemField.position")
    fees: Mapped[list["ItemFee"]] = relationship(  # type: ignore[name-defined]  # noqa: F821
        back_populates="item", order_by="ItemFee.position"
    )

    @property
    def instant(self) -> bool:
        """即办件: decided the same working day."""
        return self.handling == "instant"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ItemMaterial(Created, Model):
    """One line of an item's material list; the list bounds what may be asked for (行政许可法 31)."""

    __tablename__ = "item_material"
    __table_args__ = (
        UniqueConstraint("item_id", "position", name="material_position"),
        CheckConstraint("requirement in ('required', 'conditional')", name="material_requirement"),
        CheckConstraint("form in ('original', 'copy', 'electronic', 'original_and_copy')", name="material_form"),
        CheckConstraint("original_count between 0 and 99 and copy_count between 0 and 99", name="material_counts"),
        CheckConstraint("supplement_days between 0 and 60", name="material_supplement_days"),
        CheckConstraint("tolerable or supplement_days = 0", name="material_days_if_tolerable"),
        CheckConstraint("not tolerable or supplement_days > 0", name="material_tolerable_needs_days"),
    )
    id: Mapped[Key]
    item_id: Mapped[int] = Ref("item.id", info=label(N_("Item")))
    position: Mapped[int] = mapped_column(Integer, info=label(N_("Position")))
    name: Mapped[str] = mapped_column(String(200), info=label(N_("Name")))
    requirement: Mapped[str] = mapped_column(String(12), default="required", info=label(N_("Requirement")))
    condition: Mapped[str] = mapped_column(String(200), default="", info=label(N_("When it is needed")))
    form: Mapped[str] = mapped_column(String(20), info=label(N_("Form")))
    original_count: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Originals")))
    copy_count: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Photocopies")))
    issuer: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Issuer")))
    is_core: Mapped[bool] = mapped_column(
        Boolean,
        default=False,
        server_default=text("false"),
        info=label(
            N_("Core material"), N_("The application form and what proves who applies: it can never be supplied later.")
        ),
    )
    tolerable: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("May be supplied later")))
    supplement_days: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Days to supply")))
    shared_source: Mapped[str] = mapped_column(
        String(100),
        default="",
        info=label(N_("Shared from"), N_("Named where the paper is obtained by sharing and not asked for.")),
    )
    review_points: Mapped[str] = mapped_column(Text, default="", info=label(N_("Review points")))
    blank_form_id: Mapped[int | None] = Ref("stored_file.id", index=False, info=label(N_("Blank form")))
    sample_id: Mapped[int | None] = Ref("stored_file.id", index=False, info=label(N_("Sample text")))
    item: Mapped[Item] = relationship(back_populates="materials")

    def __str__(self) -> str:
        return self.name


class ItemField(Created, Model):
    """A question that an item asks besides those of every application."""

    __tablename__ = "item_field"
    __table_args__ = (
        UniqueConstraint("item_id", "name", name="field_name"),
        CheckConstraint("type in ('text', 'number', 'date', 'choice', 'flag')", name="field_type"),
    )
    id: Mapped[Key]
    item_id: Mapped[int] = Ref("item.id", info=label(N_("Item")))
    position: Mapped[int] = mapped_column(Integer, info=label(N_("Position")))
    name: Mapped[str] = mapped_column(
        String(30),
        info=label(
            N_("Field code"), N_("For programs: a small letter, then small letters, digits and _. E.g. plate_no")
        ),
    )
    type: Mapped[str] = mapped_column(String(10), info=label(N_("Type of answer")))
    choices: Mapped[list[str]] = mapped_column(
        JsonColumn, default=list, info=label(N_("Choices"), N_("One a line, at least two; only for one of several."))
    )
    required: Mapped[bool] = mapped_column(Boolean, default=False, info=label(N_("Must be answered")))
    pattern: Mapped[str] = mapped_column(
        String(200),
        default="",
        info=label(
            N_("Pattern"),
            N_("Only for text. \\d is a figure, [A-Z] a capital letter, {6} six times: [A-Z]\\d{6} takes A123456."),
        ),
    )
    help: Mapped[str] = mapped_column(String(200), default="", info=label(N_("How to fill it in")))
    # Last: from here on, `label` is the column.
    label: Mapped[str] = mapped_column(
        String(60),
        info=label(
            N_("Question"), N_("As the clerk and the applicant read it. Never ask for numbers of identity papers here.")
        ),
    )
    item: Mapped[Item] = relationship(back_populates="extra_fields")

    def __str__(self) -> str:
        return self.label


class ItemVersion(Model):
    """What an item said when an application was filed under it: immutable, one row per distinct content."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number", name="item_version_number"),
        UniqueConstraint("item_id", "digest", name="item_version_content"),
    )
    id: Mapped[Key]
    item_id: Mapped[int] = Ref("item.id")
    number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    snapshot: Mapped[Row] = mapped_column(JsonColumn)
    taken_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
