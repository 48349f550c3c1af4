// Go: takes connections only from clients whose certificate $ca_file's CA issued.
package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"log"
	"net/http"
	"os"
)

const clientFingerprint = "$sha256"

func main() {
	ca, err := os.ReadFile("$ca_file")
	if err != nil {
		log.Fatal(err)
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(ca) {
		log.Fatal("$ca_file holds no certificate")
	}
	server := &http.Server{
		Addr: ":8443",
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12,
			ClientAuth: tls.RequireAndVerifyClientCert,
			ClientCAs:  clients,
			// This very certificate. Leave it out to take any that the CA issued.
			VerifyConnection: func(state tls.ConnectionState) error {
				sum := sha256.Sum256(state.PeerCertificates[0].Raw)
				if hex.EncodeToString(sum[:]) != clientFingerprint {
					return errors.New("another client certificate was expected")
				}
				return nil
			},
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusOK) }),
	}
	log.Fatal(server.ListenAndServeTLS("server.crt", "server.key"))
}
