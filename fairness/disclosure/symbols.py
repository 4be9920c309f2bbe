"""What stands in a table where there is no number, and what it says."""

HIDDEN, NOBODY, FEW = "c", "z", "u"
LEGEND = {
    HIDDEN: "not shown, so that nobody is told of one child",
    NOBODY: "there is nobody to count",
    FEW: "few children: low reliability",
}
