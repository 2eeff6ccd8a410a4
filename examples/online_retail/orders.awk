# Sums up the sales of goods to known customers by order: customer, day, invoice, amount, lines. Cancelled (C...) and adjusted (A...)
# invoices, returns, gifts and what is not goods (postage, fees) are left out.
BEGIN { FS = ","; print "customer_id,date,invoice,amount,lines" }
NR > 1 && $6 != "" && $1 !~ /^[CA]/ && $2 ~ /^[0-9][0-9][0-9][0-9][0-9][A-Za-z]*$/ && $3 > 0 && $5 > 0 {
  if (!($1 in customer)) { customer[$1] = $6; day[$1] = substr($4, 1, 10); order[++count] = $1 }
  amount[$1] += $3 * $5
  lines[$1]++
}
END { for (i = 1; i <= count; i++) { o = order[i]; printf "%s,%s,%s,%.4f,%d\n", customer[o], day[o], o, amount[o], lines[o] } }
