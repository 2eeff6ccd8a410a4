# Keeps the sales of goods to known customers and sums up each line: customer, day, invoice, amount.
# Cancelled (C...) and adjusted (A...) invoices, returns, gifts and what is not goods (postage, fees) are left out.
BEGIN { FS = "," }
NR == 1 { print "customer_id,date,invoice,amount"; next }
$6 != "" && $1 !~ /^[CA]/ && $2 ~ /^[0-9][0-9][0-9][0-9][0-9][A-Za-z]*$/ && $3 > 0 && $5 > 0 {
  printf "%s,%s,%s,%.4f\n", $6, substr($4, 1, 10), $1, $3 * $5
}
